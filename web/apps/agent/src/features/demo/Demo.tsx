// The bar of the living demo: pause, speed, acts, be the customer, remove everything.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Icon } from '@ui/Icon';
import { Menu } from '@ui/Menu';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

interface DemoState {
  paused: boolean;
  speed: number;
}

const SPEEDS = [1, 2, 5, 10, 60];
const ACTS = ['mail', 'chat', 'vip'] as const;

function Remove({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const remove = async (): Promise<void> => {
    if (await run(() => client.delete('/v1/demo'), t('demo.removed'))) location.reload();
  };
  return (
    <Dialog
      title={t('demo.remove')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="danger" icon="trash" busy={busy} onClick={() => void remove()}>
            {t('demo.remove')}
          </Button>
        </>
      }
    >
      <p>{t('demo.remove_hint')}</p>
    </Dialog>
  );
}

interface DemoBarProps {
  split: boolean;
  onSplit: (on: boolean) => void;
}

export function DemoBar({ split, onSplit }: DemoBarProps) {
  const { t } = useTranslation();
  const { client, me } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const [removing, setRemoving] = useState(false);
  const query = useQuery({ queryKey: ['demo'], queryFn: () => client.get<DemoState>('/v1/demo') });
  const state = query.data ?? { paused: false, speed: 1 };
  const set = (change: Partial<DemoState>): void =>
    void run(async () => {
      const body = { paused: state.paused, speed: state.speed, ...change };
      const answer = await client.put<DemoState | undefined>('/v1/demo', { body });
      queries.setQueryData(['demo'], answer ?? body);
    });
  return (
    <div className="demo-bar" role="region" aria-label={t('demo.bar')}>
      <span className="demo-mark">
        <Icon name="bolt" size={14} /> <span className="demo-word">{t('demo.mark')}</span>
      </span>
      <IconButton
        icon={state.paused ? 'play' : 'pause'}
        label={t(state.paused ? 'demo.go_on' : 'demo.pause')}
        disabled={busy}
        onClick={() => set({ paused: !state.paused })}
      />
      <Menu
        label={t('demo.speed')}
        className="then-button"
        button={
          <>
            {t('demo.times', { speed: state.speed })} <Icon name="down" size={13} />
          </>
        }
        items={SPEEDS.map((speed) => ({
          id: String(speed),
          label: t('demo.times', { speed }),
          checked: speed === state.speed,
          onSelect: () => set({ speed }),
        }))}
      />
      <Menu
        label={t('demo.acts')}
        className="then-button"
        button={
          <>
            {t('demo.acts')} <Icon name="down" size={13} />
          </>
        }
        items={ACTS.map((act) => ({
          id: act,
          label: t(`demo.act.${act}`),
          onSelect: () =>
            void run(() => client.post('/v1/demo/acts', { body: { act } }), t('demo.act_done')),
        }))}
      />
      <span className="grow" />
      <Button small look="quiet" icon="user" aria-pressed={split} onClick={() => onSplit(!split)}>
        {t(split ? 'demo.customer_off' : 'demo.customer')}
      </Button>
      {me.roles.includes('admin') && (
        <IconButton icon="trash" label={t('demo.remove')} onClick={() => setRemoving(true)} />
      )}
      {removing && <Remove onClose={() => setRemoving(false)} />}
    </div>
  );
}

export function BeTheCustomer() {
  const { t } = useTranslation();
  return (
    <section className="demo-customer" aria-label={t('demo.customer')}>
      <iframe title={t('demo.customer')} src="/demo/customer" className="demo-frame" />
    </section>
  );
}
