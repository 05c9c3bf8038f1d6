// What can be done with a Case: take, solve, transfer, snooze, and the rarer moves in a menu.

import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CaseAnswer, Priority } from '@api/types';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Menu, type MenuItem } from '@ui/Menu';
import { useAct } from '@agent/data/act';
import { useCell, useLiveWork, useWorkspace } from '@agent/data/hooks';
import { useCommand } from '@agent/parts/commands';
import { HistoryDialog } from './HistoryDialog';
import { MergeDialog } from './MergeDialog';
import { ParkDialog } from './ParkDialog';
import { SolveDialog } from './SolveDialog';
import { SplitDialog } from './SplitDialog';
import { TransferDialog } from './TransferDialog';
import { WhyDialog } from './WhyDialog';

type Open = 'transfer' | 'park' | 'merge' | 'split' | 'why' | 'history' | 'solve' | undefined;

const PRIORITIES: Priority[] = ['low', 'normal', 'high', 'critical'];
const OVER = new Set(['solved', 'closed', 'merged', 'discarded']);

/** The moves of a Case as calls with a toast each. */
function useMoves(found: Case) {
  const { t } = useTranslation();
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const take = async (call: Promise<Case | { case?: Case }>): Promise<void> => {
    const answer = await call;
    const row = 'reference' in answer ? answer : answer.case;
    if (row) store.put('case', row);
  };
  const path = `/v1/cases/${found.id}`;
  const move = (name: string, body: Record<string, unknown> = {}): void =>
    void run(
      () => take(client.post(`${path}/moves`, { body: { move: name, ...body } })),
      t(`case.moved.${name}`),
    );
  return {
    busy,
    run,
    move,
    priority: (priority: Priority): void =>
      void run(() => take(client.patch(path, { body: { priority } })), t('case.priority_set')),
    unmerge: (): void => void run(() => take(client.post(`${path}/unmerge`)), t('case.unmerged')),
  };
}

function Dialogs({
  open,
  found,
  answer,
  close,
}: {
  open: Open;
  found: Case;
  answer: CaseAnswer;
  close: () => void;
}) {
  const work = useLiveWork(found);
  const item = work[0];
  switch (open) {
    case 'transfer':
      return item ? <TransferDialog found={found} item={item} onClose={close} /> : null;
    case 'park':
      return item ? <ParkDialog item={item} onClose={close} /> : null;
    case 'merge':
      return <MergeDialog found={found} onClose={close} />;
    case 'split':
      return <SplitDialog found={found} onClose={close} />;
    case 'why':
      return <WhyDialog work={work.length > 0 ? work : answer.work_items} onClose={close} />;
    case 'history':
      return <HistoryDialog id={found.id} onClose={close} />;
    case 'solve':
      return <SolveDialog found={found} onClose={close} />;
    default:
      return null;
  }
}

interface MenuFacts {
  t: TFunction;
  found: Case;
  work: boolean;
  over: boolean;
  may: (name: string) => boolean;
  moves: ReturnType<typeof useMoves>;
  setOpen: (open: Open) => void;
}

function menuItems({
  t,
  found,
  work,
  over,
  may,
  moves,
  setOpen,
}: MenuFacts): (MenuItem | 'line')[] {
  const items: (MenuItem | 'line' | false)[] = [
    work && {
      id: 'transfer',
      label: t('action.transfer'),
      icon: 'send',
      disabled: !may('transfer'),
      onSelect: () => setOpen('transfer'),
    },
    work && {
      id: 'park',
      label: t('action.park'),
      icon: 'moon',
      onSelect: () => setOpen('park'),
    },
    over && {
      id: 'reopen',
      label: t('action.reopen'),
      icon: 'undo',
      disabled: !may('move'),
      onSelect: () => moves.move('reopen'),
    },
    found.state === 'solved' && {
      id: 'close',
      label: t('action.close'),
      icon: 'check',
      disabled: !may('move'),
      onSelect: () => moves.move('close'),
    },
    found.state === 'discarded' && {
      id: 'restore',
      label: t('action.restore'),
      icon: 'undo',
      onSelect: () => moves.move('restore'),
    },
    'line',
    ...PRIORITIES.map((priority) => ({
      id: priority,
      label: t(`case.priority.${priority}`),
      checked: found.priority === priority,
      disabled: !may('edit'),
      onSelect: () => moves.priority(priority),
    })),
    'line',
    {
      id: 'merge',
      label: t('action.merge'),
      icon: 'merge',
      disabled: !may('merge'),
      onSelect: () => setOpen('merge'),
    },
    {
      id: 'split',
      label: t('action.split'),
      icon: 'split',
      disabled: !may('merge'),
      onSelect: () => setOpen('split'),
    },
    found.state === 'merged' && {
      id: 'unmerge',
      label: t('action.unmerge'),
      icon: 'undo',
      onSelect: moves.unmerge,
    },
    'line',
    { id: 'why', label: t('action.why'), icon: 'question', onSelect: () => setOpen('why') },
    {
      id: 'history',
      label: t('action.history'),
      icon: 'clock',
      onSelect: () => setOpen('history'),
    },
    !over && {
      id: 'discard',
      label: t('action.discard'),
      icon: 'trash',
      danger: true,
      disabled: !may('move'),
      onSelect: () => moves.move('discard'),
    },
  ];
  return items.filter((entry): entry is MenuItem | 'line' => entry !== false);
}

export function Actions({ found, answer }: { found: Case; answer: CaseAnswer }) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const moves = useMoves(found);
  const work = useLiveWork(found);
  const [open, setOpen] = useState<Open>();
  const offline = !useCell(workspace.online);
  const may = (name: string): boolean => answer.may[name] !== false && !offline;
  const item = work[0];
  const over = OVER.has(found.state);
  const mine = work.some((one) => one.agent_id === workspace.me.id);
  const takeable = item !== undefined && !item.agent_id && may('claim');
  useCommand('solve', () => !over && may('move') && setOpen('solve'));
  useCommand('transfer', () => item && setOpen('transfer'));
  useCommand('snooze', () => item && setOpen('park'));
  const claim = (): void =>
    void moves.run(async () => {
      const taken = await workspace.client.post<{ work_item?: typeof item }>(
        `/v1/work_items/${item?.id}/claim`,
      );
      if (taken.work_item) workspace.store.put('work_item', taken.work_item);
    }, t('work.claimed'));
  const items = menuItems({ t, found, work: item !== undefined, over, may, moves, setOpen });
  return (
    <div className="row case-actions">
      {takeable && !mine && (
        <Button small look="primary" icon="hand" busy={moves.busy} onClick={claim}>
          {t('action.take')}
        </Button>
      )}
      {!over && (
        <Button
          small
          icon="check"
          busy={moves.busy}
          disabled={!may('move')}
          onClick={() => setOpen('solve')}
        >
          {t('action.solve')}
        </Button>
      )}
      <Menu label={t('action.more')} side="right" button={<Icon name="more" />} items={items} />
      <Dialogs open={open} found={found} answer={answer} close={() => setOpen(undefined)} />
    </div>
  );
}
