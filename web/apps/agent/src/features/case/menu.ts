// What stands in the menu of a Case: the rarer moves, each disabled where rights or state forbid it.

import type { TFunction } from 'i18next';
import type { Case } from '@api/types';
import type { MenuItem } from '@ui/Menu';
import { go, href } from '@agent/data/router';
import type { Open } from './Dialogs';
import type { Moves } from './useMoves';

export interface MenuFacts {
  t: TFunction;
  found: Case;
  work: boolean;
  /** Somebody else has the work. */
  held: boolean;
  /** Ends my work of a queue with a wrap-up; the Case stays open. */
  finish: (() => void) | undefined;
  over: boolean;
  following: boolean;
  may: (name: string) => boolean;
  moves: Moves;
  setOpen: (open: Open) => void;
  copyLink: () => void;
}

type Entries = (MenuItem | 'line' | false)[];

const sleeping = (found: Case): boolean => Boolean(found.snooze);

function together({ t, found, held, may, moves, setOpen }: MenuFacts): Entries {
  return [
    {
      id: 'consult',
      label: t('action.consult'),
      icon: 'users',
      disabled: !may('note'),
      onSelect: () => setOpen('consult'),
    },
    found.help
      ? {
          id: 'settle',
          label: t('action.settle_help'),
          icon: 'flag',
          disabled: !may('move'),
          onSelect: moves.settleHelp,
        }
      : {
          id: 'help',
          label: t('action.help'),
          icon: 'flag',
          disabled: !may('move'),
          onSelect: () => setOpen('help'),
        },
    may('assign') && {
      id: 'whisper',
      label: t('action.whisper'),
      icon: 'lock',
      onSelect: () => setOpen('whisper'),
    },
    may('assign') &&
      held && {
        id: 'listen',
        label: t('action.listen'),
        icon: 'eye',
        onSelect: () => go(href('case', found.id, { listen: '1' })),
      },
    may('assign') &&
      held && {
        id: 'take_over',
        label: t('action.take_over'),
        icon: 'hand',
        onSelect: () => setOpen('take_over'),
      },
  ];
}

function work({ t, found, work: some, over, may, moves, setOpen, finish }: MenuFacts): Entries {
  return [
    finish !== undefined && {
      id: 'finish',
      label: t('action.finish'),
      icon: 'clock',
      onSelect: finish,
    },
    some && {
      id: 'transfer',
      label: t('action.transfer'),
      icon: 'send',
      disabled: !may('transfer'),
      onSelect: () => setOpen('transfer'),
    },
    some && {
      id: 'assign',
      label: t('action.assign'),
      icon: 'user',
      disabled: !may('transfer'),
      onSelect: () => setOpen('assign'),
    },
    !over &&
      (sleeping(found)
        ? { id: 'wake', label: t('action.wake'), icon: 'sun', onSelect: moves.wake }
        : {
            id: 'park',
            label: t('action.park'),
            icon: 'moon',
            disabled: !may('move'),
            onSelect: () => setOpen('park'),
          }),
    over && {
      id: 'reopen',
      label: t('action.reopen'),
      icon: 'undo',
      disabled: !may('move'),
      onSelect: () => void moves.move('reopen', { reason: t('action.reopen') }),
    },
    found.state === 'solved' && {
      id: 'close',
      label: t('action.close'),
      icon: 'check',
      disabled: !may('move'),
      onSelect: () => void moves.move('close'),
    },
    found.state === 'discarded' && {
      id: 'restore',
      label: t('action.restore'),
      icon: 'undo',
      onSelect: () => void moves.move('restore'),
    },
  ];
}

function matter({ t, found, over, may, moves, setOpen }: MenuFacts): Entries {
  return [
    {
      id: 'tags',
      label: t('action.tags'),
      icon: 'tag',
      disabled: !may('edit'),
      onSelect: () => setOpen('tags'),
    },
    {
      id: 'priority',
      label: t('action.priority'),
      icon: 'bolt',
      disabled: !may('edit'),
      onSelect: () => setOpen('priority'),
    },
    !over && {
      id: 'kind',
      label: t('action.kind'),
      icon: 'checks',
      disabled: !may('edit'),
      onSelect: () => setOpen('kind'),
    },
    {
      id: 'link',
      label: t('action.link'),
      icon: 'plus',
      disabled: !may('edit'),
      onSelect: () => setOpen('link'),
    },
    {
      id: 'forward',
      label: t('action.forward'),
      icon: 'out',
      disabled: !may('note'),
      onSelect: () => setOpen('forward'),
    },
    !over && {
      id: 'elsewhere',
      label: t('action.elsewhere'),
      icon: 'phone',
      disabled: !may('reply'),
      onSelect: () => setOpen('elsewhere'),
    },
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
    !over && {
      id: 'discard',
      label: t('action.discard'),
      icon: 'trash',
      danger: true,
      disabled: !may('move'),
      onSelect: () => void moves.move('discard'),
    },
  ];
}

export function menuItems(facts: MenuFacts): (MenuItem | 'line')[] {
  const { t, following, moves, setOpen, copyLink } = facts;
  const items: Entries = [
    ...work(facts),
    'line',
    ...together(facts),
    {
      id: 'follow',
      label: t(following ? 'action.unfollow' : 'action.follow'),
      icon: 'bell',
      onSelect: () => void moves.follow(!following),
    },
    'line',
    ...matter(facts),
    'line',
    { id: 'copy', label: t('action.copy_link'), icon: 'globe', onSelect: copyLink },
    { id: 'why', label: t('action.why'), icon: 'question', onSelect: () => setOpen('why') },
    {
      id: 'history',
      label: t('action.history'),
      icon: 'clock',
      onSelect: () => setOpen('history'),
    },
  ];
  return items.filter((entry): entry is MenuItem | 'line' => entry !== false);
}
