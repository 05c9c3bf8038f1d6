// The bar of the living demo: its clock, what shall happen, the customer's side; folds away.

import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { span } from '@i18n/format';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { Tour } from './Tour';
import { useDemo } from './useDemo';
import './demo.css';

const CastDialog = lazy(() => import('./CastDialog').then((it) => ({ default: it.CastDialog })));
const Remove = lazy(() => import('./Remove').then((it) => ({ default: it.Remove })));

const SPEEDS = [1, 2, 5, 10, 60];
const ACTS = ['vip', 'vip_mail', 'chat', 'mail', 'incident'] as const;
const ICONS = {
  vip: 'star',
  vip_mail: 'mail',
  chat: 'chat',
  mail: 'mail',
  incident: 'alert',
} as const;
const DROP_MS = 20_000;
const FOLDED = 'polyphony-demo-folded';

type Doing = ReturnType<typeof useDemo>;

function Clock({ state, busy, pace, act }: Doing) {
  const { t } = useTranslation();
  const language = useLanguage();
  const next = state.status.next_s;
  const hint =
    typeof next === 'number'
      ? t('demo.jump_in', { time: span(language, next * 1_000) })
      : t('demo.jump');
  return (
    <span className="demo-clock">
      <IconButton
        icon={state.paused ? 'play' : 'pause'}
        label={t(state.paused ? 'demo.go_on' : 'demo.pause')}
        disabled={busy}
        onClick={() => pace({ paused: !state.paused })}
      />
      <Menu
        label={t('demo.speed')}
        className="then-button demo-speed"
        button={
          <>
            {t('demo.times', { speed: state.speed })} <Icon name="down" size={13} />
          </>
        }
        items={SPEEDS.map((speed) => ({
          id: String(speed),
          label: t('demo.times', { speed }),
          checked: speed === state.speed,
          onSelect: () => pace({ speed }),
        }))}
      />
      <span className="demo-jump">
        <IconButton icon="right" label={hint} onClick={() => void act('jump', t('demo.jumped'))} />
      </span>
    </span>
  );
}

/** What the menu offers: visits and mails; breaking the line is this tab's own matter. */
function useActs({ act }: Doing, stories: () => void): (MenuItem | 'line')[] {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  return [
    ...ACTS.map((one) => ({
      id: one,
      label: t(`demo.act.${one}`),
      icon: ICONS[one],
      onSelect: () => void act(one, t('demo.act_done')),
    })),
    'line' as const,
    { id: 'story', label: t('demo.act.story'), icon: 'users' as const, onSelect: stories },
    {
      id: 'drop',
      label: t('demo.act.drop'),
      hint: t('demo.drop_hint'),
      icon: 'offline' as const,
      onSelect: () => workspace.dropFor(DROP_MS),
    },
  ];
}

interface MoreProps {
  show: (what: 'cast' | 'remove' | 'tour') => void;
}

function More({ show }: MoreProps) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const items: (MenuItem | 'line')[] = [
    { id: 'cast', label: t('demo.cast'), icon: 'users', onSelect: () => show('cast') },
    { id: 'tour', label: t('tour.again'), icon: 'question', onSelect: () => show('tour') },
  ];
  if (me.roles.includes('admin'))
    items.push('line', {
      id: 'remove',
      label: t('demo.remove'),
      icon: 'trash',
      danger: true,
      onSelect: () => show('remove'),
    });
  return (
    <Menu
      label={t('demo.more')}
      side="right"
      className="icon-button demo-more"
      button={<Icon name="more" />}
      items={items}
    />
  );
}

interface DemoBarProps {
  split: boolean;
  onSplit: (on: boolean) => void;
}

const folded = (): boolean => localStorage.getItem(FOLDED) === 'yes';

export function DemoBar({ split, onSplit }: DemoBarProps) {
  const { t } = useTranslation();
  const demo = useDemo();
  const [away, setAway] = useState(folded);
  const [shown, setShown] = useState<'cast' | 'remove' | 'tour'>();
  const acts = useActs(demo, () => setShown('cast'));
  const fold = (on: boolean): void => {
    localStorage.setItem(FOLDED, on ? 'yes' : 'no');
    setAway(on);
  };
  const over = (
    <>
      <Tour again={shown === 'tour'} onEnd={() => setShown(undefined)} />
      <Suspense>
        {shown === 'cast' && (
          <CastDialog state={demo.state} act={demo.act} onClose={() => setShown(undefined)} />
        )}
        {(shown === 'remove' || demo.state.removing > 0) && (
          <Remove begun={demo.state.removing} onClose={() => setShown(undefined)} />
        )}
      </Suspense>
    </>
  );
  if (away)
    return (
      <>
        <div className="demo-bar demo-folded" role="region" aria-label={t('demo.bar')}>
          <button type="button" className="demo-unfold" onClick={() => fold(false)}>
            <Icon name="bolt" size={13} /> {t('demo.unfold')} <Icon name="down" size={13} />
          </button>
        </div>
        {over}
      </>
    );
  return (
    <>
      <div className="demo-bar" role="region" aria-label={t('demo.bar')}>
        <span className="demo-mark">
          <Icon name="bolt" size={14} /> <span className="demo-word">{t('demo.mark')}</span>
        </span>
        <Clock {...demo} />
        <Menu
          label={t('demo.acts')}
          className="then-button demo-acts"
          button={
            <>
              <Icon name="plus" size={15} /> <span className="demo-word">{t('demo.acts')}</span>{' '}
              <Icon name="down" size={13} />
            </>
          }
          items={acts}
        />
        <span className="grow" />
        <Button small look="quiet" icon="user" aria-pressed={split} onClick={() => onSplit(!split)}>
          <span className="demo-side">{t(split ? 'demo.customer_off' : 'demo.customer')}</span>
        </Button>
        <More show={setShown} />
        <IconButton icon="close" label={t('demo.fold')} onClick={() => fold(true)} />
      </div>
      {over}
    </>
  );
}
