// The presence menu: main state with timer and planned return, load and switch per channel.

import { useTranslation } from 'react-i18next';
import type { Presence as PresenceEntity } from '@api/types';
import { clockTime, span } from '@i18n/format';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Popover } from '@ui/Popover';
import { useEntity, useLanguage, useNames, useNow, useWorkspace } from '@agent/data/hooks';
import { useCommand } from '@agent/parts/commands';
import { useStatuses } from '@agent/parts/statuses';
import { usePresenceCalls } from './calls';
import { Channels } from './Load';
import { Statuses } from './Statuses';

/** Since when, why, and when the return is planned; over time it says so. */
function Since({ presence }: { presence: PresenceEntity }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(1_000);
  const names = useNames();
  const back = presence.planned_return ? Date.parse(presence.planned_return) : undefined;
  const other = presence.by && presence.by !== presence.id ? names.person(presence.by) : '';
  const reason = presence.reason
    ? t(`presence.reason.${presence.reason}`, { defaultValue: presence.reason })
    : '';
  return (
    <p className="tiny soft">
      {[
        t('presence.for', { time: span(language, now - Date.parse(presence.since)) }),
        reason,
        other && t('presence.by', { name: other }),
        back &&
          (back > now
            ? t('presence.back_at', { time: clockTime(language, back) })
            : t('presence.back_over', { time: span(language, now - back) })),
      ]
        .filter(Boolean)
        .join(' · ')}
    </p>
  );
}

export function Presence() {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const presence = useEntity('presence', me.id);
  const calls = usePresenceCalls();
  const { name, dot } = useStatuses();
  useCommand('presence', () => document.querySelector<HTMLElement>('.presence-button')?.click(), {
    when: me.agent,
  });
  if (!me.agent) return null;
  const status = presence?.status ?? 'offline';
  return (
    <Popover
      label={t('presence.menu', { status: name(status) })}
      className="presence-button"
      side="right"
      button={
        <>
          <span className={dot(status)} aria-hidden="true" />
          <span className="presence-word">{name(status)}</span>
          <Icon name="down" size={14} />
        </>
      }
    >
      {(close) => (
        <>
          <div className="presence-head">
            <p className="row">
              <span className={dot(status)} aria-hidden="true" />
              <strong className="grow">{name(status)}</strong>
            </p>
            {presence && <Since presence={presence} />}
          </div>
          <Statuses status={status} calls={calls} done={close} />
          <section className="presence-load" aria-label={t('word.load')}>
            <Channels id={me.id} presence={presence} calls={calls} />
          </section>
        </>
      )}
    </Popover>
  );
}

/** The one large button after too many missed Offers. */
export function NotResponding() {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const presence = useEntity('presence', me.id);
  const calls = usePresenceCalls();
  const silent = presence?.silent ?? [];
  const whole = presence?.status === 'not_responding';
  if (!whole && (silent.length === 0 || presence?.status === 'offline')) return null;
  const channels = silent.map((kind) => t(`channel.${kind}`)).join(', ');
  return (
    <div className="here-bar" role="alert">
      <Icon name="hand" size={22} />
      <p className="grow">
        <strong>{t('presence.not_responding')}</strong>{' '}
        {whole || !channels
          ? t('presence.not_responding_hint')
          : t('presence.silent_hint', { channels })}
      </p>
      <Button look="primary" className="here-button" busy={calls.busy} onClick={calls.here}>
        {t('presence.here')}
      </Button>
    </div>
  );
}
