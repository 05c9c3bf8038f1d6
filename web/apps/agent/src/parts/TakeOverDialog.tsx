// Taking a Case over from whoever has it: a reason, which he reads.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, WorkItem } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

interface TakeOverProps {
  caseId: string;
  /** Who has it now. */
  from: string;
  onClose: () => void;
  onDone?: () => void;
}

export function TakeOverDialog({ caseId, from, onClose, onDone }: TakeOverProps) {
  const { t } = useTranslation();
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const [reason, setReason] = useState('');
  const ready = reason.trim() !== '';
  const take = async (): Promise<void> => {
    const good = await run(async () => {
      const body = { reason: reason.trim() };
      const path = `/v1/cases/${caseId}/take_over`;
      const answer = await client.post<{ case: Case; work_items: WorkItem[] }>(path, { body });
      store.put('case', answer.case);
      store.putAll('work_item', answer.work_items);
    }, t('takeover.done'));
    if (!good) return;
    onClose();
    onDone?.();
  };
  return (
    <Dialog
      title={t('takeover.title')}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          icon="hand"
          busy={busy}
          disabled={!ready}
          onClick={() => void take()}
        >
          {t('takeover.confirm')}
        </Confirm>
      }
    >
      <p className="soft">
        {from ? t('takeover.hint', { name: from }) : t('takeover.hint_nobody')}
      </p>
      <TextField
        data-first
        label={t('takeover.reason')}
        value={reason}
        maxLength={200}
        onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && ready && !busy && void take()}
      />
    </Dialog>
  );
}
