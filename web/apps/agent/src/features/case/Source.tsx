// The raw source of a mail, as it arrived.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async, type PanelError } from '@ui/Async';
import { Dialog } from '@ui/Dialog';
import { asError } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

export function Source({ arrival, onClose }: { arrival: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const [text, setText] = useState<string>();
  const [error, setError] = useState<PanelError | null>(null);
  useEffect(() => {
    client
      .text(`/v1/arrivals/${arrival}/raw`)
      .then(setText)
      .catch((reason: unknown) => setError(asError(reason)));
  }, [client, arrival]);
  return (
    <Dialog wide title={t('mail.source')} onClose={onClose}>
      <Async loading={text === undefined} error={error}>
        <pre className="code">{text}</pre>
      </Async>
    </Dialog>
  );
}
