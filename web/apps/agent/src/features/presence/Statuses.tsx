// The statuses to choose from; one with reasons takes a reason and, if one leaves, a planned return.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PresenceStatus, Status } from '@api/types';
import { Button } from '@ui/Button';
import { Select } from '@ui/Field';
import { Icon, type IconName } from '@ui/Icon';
import { CHANNELS } from '@agent/parts/channels';
import { modeOf, useStatuses } from '@agent/parts/statuses';
import type { PresenceCalls } from './calls';

const ICONS: Record<string, IconName> = {
  online: 'check',
  busy: 'pause',
  break: 'coffee',
  offline: 'exit',
};
const BACK_IN = [0, 5, 15, 30, 60];

interface ReasonsProps {
  status: PresenceStatus;
  calls: PresenceCalls;
  done: () => void;
}

function Reasons({ status, calls, done }: ReasonsProps) {
  const { t } = useTranslation();
  const { name } = useStatuses();
  const [back, setBack] = useState(0);
  const [reason, setReason] = useState('');
  const leaves = status.key !== 'offline' && status.key !== 'online';
  return (
    <div className="presence-reasons stack">
      <Select
        label={t('presence.reason')}
        value={reason}
        onChange={setReason}
        options={[
          { value: '', label: t('presence.no_reason') },
          ...status.reasons.map((value) => ({
            value,
            label: t(`presence.reason.${value}`, { defaultValue: value }),
          })),
        ]}
      />
      {leaves && (
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
          calls.set({ status: status.key, reason, back_in: back || undefined });
          done();
        }}
      >
        {t(`presence.go_${status.key}`, {
          defaultValue: t('presence.go', { status: name(status.key) }),
        })}
      </Button>
    </div>
  );
}

/** What one takes in a status of the house, in one line. */
function useHint(): (status: PresenceStatus) => string {
  const { t } = useTranslation();
  return (status) => {
    if (status.built_in) return t(`status.${status.key}_hint`);
    const taken = CHANNELS.filter((kind) => modeOf(status.matrix, kind) === 'on');
    return taken.length > 0
      ? t('status.takes', { channels: taken.map((kind) => t(`channel.${kind}`)).join(', ') })
      : t('status.takes_nothing');
  };
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
  const { choices, name, dot } = useStatuses();
  const hint = useHint();
  const [asked, setAsked] = useState<Status>();
  return (
    <ul className="presence-choices" aria-label={t('presence.choose')}>
      {choices.map((choice) => {
        const { key } = choice;
        const asks = choice.reasons.length > 0;
        const icon = ICONS[key];
        return (
          <li key={key}>
            <button
              type="button"
              className="menu-item"
              data-entry={key}
              aria-pressed={key === status}
              aria-expanded={asks ? asked === key : undefined}
              onClick={() => {
                if (asks) setAsked(asked === key ? undefined : key);
                else {
                  calls.set({ status: key });
                  done();
                }
              }}
            >
              {icon ? (
                <Icon name={icon} size={16} />
              ) : (
                <span className="status-own" aria-hidden="true">
                  <span className={dot(key)} />
                </span>
              )}
              <span className="grow">
                {name(key)}
                <span className="menu-hint">{hint(choice)}</span>
              </span>
              {key === status && <Icon name="check" size={16} />}
              {asks && <Icon name="down" size={14} />}
            </button>
            {asks && asked === key && <Reasons status={choice} calls={calls} done={done} />}
          </li>
        );
      })}
    </ul>
  );
}
