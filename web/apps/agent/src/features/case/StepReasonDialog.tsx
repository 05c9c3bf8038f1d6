// Why a step is rejected, let go or taken up again: one line, demanded.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseStep } from '@api/types';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { useStep, type StepVerb } from './useStep';

interface Props {
  step: CaseStep;
  verb: Exclude<StepVerb, 'finish'>;
  onClose: () => void;
}

export function StepReasonDialog({ step, verb, onClose }: Props) {
  const { t } = useTranslation();
  const acts = useStep(step);
  const [reason, setReason] = useState('');
  const act = async (): Promise<void> => {
    if (await acts.move(verb, reason)) onClose();
  };
  return (
    <Dialog
      title={t(`steps.ask.${verb}`, { name: step.title })}
      onClose={onClose}
      actions={
        <Confirm
          onClose={onClose}
          busy={acts.busy}
          disabled={!reason.trim()}
          onClick={() => void act()}
        >
          {t(`steps.${verb}`)}
        </Confirm>
      }
    >
      <p className="soft">{t(`steps.hint.${verb}`)}</p>
      <TextField
        data-first
        label={t('steps.reason')}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && reason.trim() && void act()}
      />
    </Dialog>
  );
}
