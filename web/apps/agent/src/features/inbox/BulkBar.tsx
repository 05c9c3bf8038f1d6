// What can be done with the chosen Cases: a bar below the list, each action a job of the server.

import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '@i18n/format';
import { Button, IconButton } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { useCommand } from '@agent/parts/commands';
import type { Filter } from './rules';
import { useBulk, type Bulk } from './useBulk';
import type { Selection } from './useSelection';

const dialogs = () => import('./BulkDialogs');
const TagMany = lazy(async () => ({ default: (await dialogs()).TagMany }));
const SnoozeMany = lazy(async () => ({ default: (await dialogs()).SnoozeMany }));
const MergeMany = lazy(async () => ({ default: (await dialogs()).MergeMany }));
const MacroMany = lazy(async () => ({ default: (await dialogs()).MacroMany }));

type Open = 'tags' | 'snooze' | 'merge' | 'macro' | undefined;

/** The keys mean the chosen Cases, not the one that stands open beside them. */
const CHOSEN = { first: true };

const STATES = ['solve', 'reopen', 'close'] as const;
const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const;

function useAgents(bulk: Bulk): MenuItem[] {
  const { t } = useTranslation();
  const { colleagues } = useSetup();
  const { me } = useWorkspace();
  const give = (agent_id: string) => () => void bulk.begin('assign', { agent_id });
  const own: MenuItem[] = me.agent
    ? [{ id: 'me', label: t('bulk.to_me'), icon: 'hand', onSelect: give(me.id) }]
    : [];
  const others = colleagues
    .filter((one) => one.id !== me.id)
    .map((one) => ({ id: one.id, label: one.name, onSelect: give(one.id) }));
  return [...own, ...others];
}

function useMore(bulk: Bulk, open: (what: Open) => void, few: boolean): (MenuItem | 'line')[] {
  const { t } = useTranslation();
  return [
    ...STATES.map((move) => ({
      id: move,
      label: t(`bulk.state.${move}`),
      icon: 'check' as const,
      onSelect: () => void bulk.begin('status', { move }),
    })),
    'line',
    ...PRIORITIES.map((priority) => ({
      id: priority,
      label: t(`case.priority.${priority}`),
      icon: 'flag' as const,
      onSelect: () => void bulk.begin('priority', { priority }),
    })),
    'line',
    { id: 'macro', label: t('macro.run_title'), icon: 'bolt', onSelect: () => open('macro') },
    {
      id: 'merge',
      label: t('bulk.merge'),
      icon: 'merge',
      disabled: !few,
      onSelect: () => open('merge'),
    },
    { id: 'export', label: t('bulk.export'), icon: 'file', onSelect: () => void bulk.save() },
    {
      id: 'discard',
      label: t('bulk.discard'),
      icon: 'trash',
      danger: true,
      onSelect: () => void bulk.begin('discard'),
    },
  ];
}

export function BulkBar({
  filter,
  selection,
  everything,
}: {
  filter: Filter;
  selection: Selection;
  everything: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { queues } = useSetup();
  const bulk = useBulk(filter, selection);
  const [open, setOpen] = useState<Open>();
  const few = selection.all === null && selection.size > 1 && selection.size <= 20;
  const agents = useAgents(bulk);
  const more = useMore(bulk, setOpen, few);
  useCommand('tags', () => setOpen('tags'), CHOSEN);
  useCommand('snooze', () => setOpen('snooze'), CHOSEN);
  useCommand('macro', () => setOpen('macro'), CHOSEN);
  useCommand('solve', () => bulk.begin('status', { move: 'solve' }), CHOSEN);
  useCommand('back', selection.clear, CHOSEN);
  const close = (): void => setOpen(undefined);
  const button = (icon: 'user' | 'inbox' | 'more') => <Icon name={icon} size={17} />;
  return (
    <section className="bulk-bar" aria-label={t('bulk.bar')}>
      <div className="bulk-words">
        <span className="bulk-number" role="status">
          {t('bulk.chosen', { count: selection.size, number: count(language, selection.size) })}
        </span>
        {selection.all === null && (
          <Button small look="quiet" onClick={everything}>
            {t('bulk.everything')}
          </Button>
        )}
      </div>
      <Menu up label={t('bulk.assign')} button={button('user')} items={agents} />
      <Menu
        up
        label={t('bulk.queue')}
        button={button('inbox')}
        items={queues.map((one) => ({
          id: one.id,
          label: one.name,
          onSelect: () => void bulk.begin('queue', { queue_id: one.id }),
        }))}
      />
      <IconButton icon="tag" label={t('bulk.tags')} onClick={() => setOpen('tags')} />
      <IconButton icon="moon" label={t('bulk.snooze')} onClick={() => setOpen('snooze')} />
      <Menu up side="right" label={t('bulk.more')} button={button('more')} items={more} />
      <IconButton icon="close" label={t('bulk.none')} onClick={selection.clear} />
      <Suspense>
        {open === 'tags' && <TagMany bulk={bulk} onClose={close} />}
        {open === 'snooze' && <SnoozeMany bulk={bulk} onClose={close} />}
        {open === 'merge' && <MergeMany bulk={bulk} ids={[...selection.ids]} onClose={close} />}
        {open === 'macro' && <MacroMany bulk={bulk} many={selection.size} onClose={close} />}
      </Suspense>
    </section>
  );
}
