// The presence menu: one main state, a switch per channel, load, and the way back from silence.

import { useTranslation } from 'react-i18next';
import type { Presence as PresenceEntity, Status } from '@api/types';
import { Button } from '@ui/Button';
import { Switch } from '@ui/Field';
import { Icon, type IconName } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { useAct } from '@agent/data/act';
import { useEntity, useWorkspace } from '@agent/data/hooks';
import { Ago } from '@agent/parts/Marks';

const CHOICES: { status: Status; icon: IconName }[] = [
  { status: 'online', icon: 'check' },
  { status: 'busy', icon: 'pause' },
  { status: 'break', icon: 'coffee' },
  { status: 'offline', icon: 'exit' },
];
const CHANNELS = ['email', 'chat'] as const;

type Answer = PresenceEntity | { presence: PresenceEntity };

function usePresenceCalls() {
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const take = async (call: Promise<Answer>): Promise<void> => {
    const answer = await call;
    if (answer) store.put('presence', 'presence' in answer ? answer.presence : answer);
  };
  return {
    busy,
    set: (status: Status): void =>
      void run(() => take(client.put('/v1/presence', { body: { status } }))),
    toggle: (kind: string, on: boolean): void =>
      void run(() => take(client.put(`/v1/presence/channels/${kind}`, { body: { on } }))),
    here: (): void => void run(() => take(client.post('/v1/presence/here'))),
  };
}

function Load({ id }: { id: string }) {
  const { t } = useTranslation();
  const load = useEntity('load', id);
  if (!load) return null;
  const used = load.routed_units + load.manual_units;
  return (
    <div className="presence-load">
      <div className="row tiny">
        <span className="grow">{t('word.load')}</span>
        <span className="figures">{t('presence.load', { used, max: load.cap_max })}</span>
      </div>
      <meter
        min={0}
        max={Math.max(1, load.cap_max)}
        value={Math.min(used, load.cap_max)}
        aria-label={t('word.load')}
      />
    </div>
  );
}

export function Presence() {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const presence = useEntity('presence', me.id);
  const calls = usePresenceCalls();
  if (!me.agent) return null;
  const status = presence?.status ?? 'offline';
  const items: MenuItem[] = CHOICES.map((choice) => ({
    id: choice.status,
    label: t(`status.${choice.status}`),
    hint: t(`status.${choice.status}_hint`),
    icon: choice.icon,
    checked: choice.status === status,
    onSelect: () => calls.set(choice.status),
  }));
  const header = (
    <div className="presence-head stack">
      <p className="row">
        <span className={`status-dot status-${status}`} aria-hidden="true" />
        <strong className="grow">{t(`status.${status}`)}</strong>
        {presence && (
          <span className="tiny soft">
            <Ago at={presence.since} />
          </span>
        )}
      </p>
      <Load id={me.id} />
      {CHANNELS.map((kind) => (
        <Switch
          key={kind}
          label={t(`channel.${kind}`)}
          hint={presence?.silent.includes(kind) ? t('presence.silent') : undefined}
          checked={presence?.toggles[kind] !== false}
          disabled={calls.busy}
          onChange={(on) => calls.toggle(kind, on)}
        />
      ))}
    </div>
  );
  return (
    <Menu
      label={t('presence.menu', { status: t(`status.${status}`) })}
      className="presence-button"
      side="right"
      header={header}
      items={items}
      button={
        <>
          <span className={`status-dot status-${status}`} aria-hidden="true" />
          <span className="presence-word">{t(`status.${status}`)}</span>
          <Icon name="down" size={14} />
        </>
      }
    />
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
      <Button look="primary" busy={calls.busy} onClick={calls.here}>
        {t('presence.here')}
      </Button>
    </div>
  );
}
