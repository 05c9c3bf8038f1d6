// The main states to choose from; a break and the end of the day take a reason and a planned return.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Status } from '@api/types';
import { Button } from '@ui/Button';
import { Select } from '@ui/Field';
import { Icon, type IconName } from '@ui/Icon';
import type { PresenceCalls } from './calls';

const CHOICES: { status: Status; icon: IconName; reasons?: readonly string[] }[] = [
  { status: 'online', icon: 'check' },
  { status: 'busy', icon: 'pause' },
  { status: 'break', icon: 'coffee', reasons: ['short', 'lunch', 'meeting', 'training'] },
  { status: 'offline', icon: 'exit', reasons: ['end_of_shift', 'ill', 'other_work'] },
];
const BACK_IN = [0, 5, 15, 30, 60];

interface ReasonsProps {
  status: Status;
  reasons: readonly string[];
  calls: PresenceCalls;
  done: () => void;
}

function Reasons({ status, reasons, calls, done }: ReasonsProps) {
  const { t } = useTranslation();
  const [back, setBack] = useState(0);
  const [reason, setReason] = useState('');
  return (
    <div className="presence-reasons stack">
      <Select
        label={t('presence.reason')}
        value={reason}
        onChange={setReason}
        options={[
          { value: '', label: t('presence.no_reason') },
          ...reasons.map((value) => ({ value, label: t(`presence.reason.${value}`) })),
        ]}
      />
      {status === 'break' && (
        <Select
          label={t('presence.back_in')}
          value={String(back)}
          onChange={(value) => setBack(Number(value))}
          options={BACK_IN.map((count) => ({
            value: String(count),
            label: count === 0 ? t('presence.back_open') : t('presence.minutes', { count }),
          }))}
        />
      )}
      <Button
        small
        look="primary"
        busy={calls.busy}
        onClick={() => {
          calls.set({ status, reason, back_in: back || undefined });
          done();
        }}
      >
        {t(`presence.go_${status}`)}
      </Button>
    </div>
  );
}

export function Statuses({
  status,
  calls,
  done,
}: {
  status: Status;
  calls: PresenceCalls;
  done: () => void;
}) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<Status>();
  return (
    <ul className="presence-choices" aria-label={t('presence.choose')}>
      {CHOICES.map((choice) => (
        <li key={choice.status}>
          <button
            type="button"
            className="menu-item"
            data-entry={choice.status}
            aria-pressed={choice.status === status}
            aria-expanded={choice.reasons ? asked === choice.status : undefined}
            onClick={() => {
              if (choice.reasons) setAsked(asked === choice.status ? undefined : choice.status);
              else {
                calls.set({ status: choice.status });
                done();
              }
            }}
          >
            <Icon name={choice.icon} size={16} />
            <span className="grow">
              {t(`status.${choice.status}`)}
              <span className="menu-hint">{t(`status.${choice.status}_hint`)}</span>
            </span>
            {choice.status === status && <Icon name="check" size={16} />}
            {choice.reasons && <Icon name="down" size={14} />}
          </button>
          {choice.reasons && asked === choice.status && (
            <Reasons status={choice.status} reasons={choice.reasons} calls={calls} done={done} />
          )}
        </li>
      ))}
    </ul>
  );
}
