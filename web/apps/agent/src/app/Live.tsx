// The two live regions of the page, and what is said about the Case that is open.

import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Message } from '@api/types';
import { useCell, useWorkspace } from '@agent/data/hooks';
import { announce, assertive, polite } from '@agent/parts/announce';

/** New lines of customers in the open Case, as they come. */
function useNewLines(caseId: string | undefined): void {
  const { t } = useTranslation();
  const { store, byCase } = useWorkspace();
  useEffect(() => {
    if (!caseId) return undefined;
    let last = byCase.message.rows(caseId).at(-1)?.position ?? -1;
    let first = last < 0;
    return store.watchType('message', () => {
      const rows = byCase.message.rows(caseId) as Message[];
      const fresh = rows.filter((row) => row.position > last && row.kind === 'in');
      last = rows.at(-1)?.position ?? last;
      // The first rows are those the screen opened with.
      if (!first) {
        for (const row of fresh.slice(-3))
          announce(t('announce.message', { text: row.text.slice(0, 160) }));
      }
      first = false;
    });
  }, [t, store, byCase, caseId]);
}

export function Live({ caseId }: { caseId: string | undefined }) {
  const soft = useCell(polite);
  const loud = useCell(assertive);
  useNewLines(caseId);
  return (
    <>
      <div className="sr" role="status" aria-live="polite">
        {soft}
      </div>
      <div className="sr" role="alert" aria-live="assertive">
        {loud}
      </div>
    </>
  );
}
