// Solving a Case: how it ended, in one choice.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { Select } from '@ui/Field';
import { useOutcomes } from '@agent/parts/outcomes';
import { useMoves } from './useMoves';

interface SolveProps {
  found: Case;
  onClose: () => void;
  onDone?: () => void;
}

export function SolveDialog({ found, onClose, onDone }: SolveProps) {
  const { t } = useTranslation();
  const outcomes = useOutcomes();
  const moves = useMoves(found);
  const [code, setCode] = useState('');
  const solve = async (): Promise<void> => {
    if (!(await moves.move('solve', { disposition: code || undefined }))) return;
    onClose();
    onDone?.();
  };
  return (
    <Dialog
      title={t('solve.title')}
      onClose={onClose}
      actions={
        <Confirm onClose={onClose} icon="check" busy={moves.busy} onClick={() => void solve()}>
          {t('action.solve')}
        </Confirm>
      }
    >
      <p className="soft">{t('solve.hint')}</p>
      {outcomes.length > 1 && (
        <Select label={t('word.disposition')} value={code} onChange={setCode} options={outcomes} />
      )}
    </Dialog>
  );
}
