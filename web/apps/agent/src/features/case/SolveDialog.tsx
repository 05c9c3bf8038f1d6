// Solving a Case: how it ended, in one choice.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';

interface SolveProps {
  found: Case;
  onClose: () => void;
  onDone?: () => void;
}

export function SolveDialog({ found, onClose, onDone }: SolveProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { dispositions } = useSetup();
  const { client, store, undos } = useWorkspace();
  const { busy, run } = useAct();
  const [code, setCode] = useState('');
  const solve = async (): Promise<void> => {
    const body = { move: 'solve', disposition: code || undefined };
    const good = await run(async () => {
      const answer = await client.post<Case | { case: Case }>(`/v1/cases/${found.id}/moves`, {
        body,
      });
      store.put('case', 'reference' in answer ? answer : answer.case);
    });
    if (!good) return;
    undos.offer(t('case.moved.solve'), async () => {
      const path = `/v1/cases/${found.id}/moves`;
      store.put('case', await client.post<Case>(path, { body: { move: 'reopen' } }));
    });
    onClose();
    onDone?.();
  };
  return (
    <Dialog
      title={t('solve.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="primary" icon="check" busy={busy} onClick={() => void solve()}>
            {t('action.solve')}
          </Button>
        </>
      }
    >
      <p className="soft">{t('solve.hint')}</p>
      {dispositions.length > 0 && (
        <Select
          label={t('word.disposition')}
          value={code}
          onChange={setCode}
          options={[
            { value: '', label: t('solve.no_disposition') },
            ...dispositions.map((one) => ({
              value: one.code,
              label:
                one.name?.[language] ??
                t(`disposition.${one.code}`, { defaultValue: one.code.replaceAll('_', ' ') }),
            })),
          ]}
        />
      )}
    </Dialog>
  );
}
