// "Send a test": each step of the way with what the far end said.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import type { AccountRow } from './ChannelDialog';

interface Step {
  step?: string;
  name?: string;
  ok?: boolean;
  state?: string;
  detail?: string;
  ms?: number;
}

interface TestAnswer {
  ok?: boolean;
  steps?: Step[];
}

const good = (step: Step): boolean => step.ok ?? step.state === 'ok';

export function TestDialog({ row, onClose }: { row: AccountRow; onClose: () => void }) {
  const { t } = useTranslation();
  const { client, me } = useWorkspace();
  const { busy, run } = useAct();
  const [to, setTo] = useState(me.email);
  const [answer, setAnswer] = useState<TestAnswer>();
  const test = (): void =>
    void run(async () => {
      const body = row.kind === 'email' ? { to } : {};
      setAnswer(await client.post<TestAnswer>(`/v1/channel_accounts/${row.id}/test`, { body }));
    });
  return (
    <Dialog
      title={t('channels.test_of', { name: row.name })}
      onClose={onClose}
      actions={
        <Button look="primary" icon="send" busy={busy} onClick={test}>
          {t('channels.test')}
        </Button>
      }
    >
      <p className="soft">{t('channels.test_hint')}</p>
      {row.kind === 'email' && (
        <TextField
          label={t('channels.test_to')}
          type="email"
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
      )}
      <ol className="steps" aria-live="polite">
        {(answer?.steps ?? []).map((step, index) => {
          const name = step.step ?? step.name ?? '';
          return (
            <li key={`${name}${index}`} className={good(step) ? 'step step-good' : 'step step-bad'}>
              <Icon name={good(step) ? 'check' : 'alert'} size={17} />
              <span className="grow">
                <strong>
                  {t(`channels.step.${name}`, { defaultValue: name.replaceAll('_', ' ') })}
                </strong>
                <span className="sr">
                  {t(good(step) ? 'channels.step_good' : 'channels.step_bad')}
                </span>
                {step.detail && <span className="menu-hint">{step.detail}</span>}
              </span>
            </li>
          );
        })}
      </ol>
    </Dialog>
  );
}
