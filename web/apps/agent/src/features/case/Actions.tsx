// What can be done with a Case: take, solve, and the rest by keys and in a menu.

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, CaseAnswer, Message } from '@api/types';
import type { Command } from '@keys/table';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Menu } from '@ui/Menu';
import { toasts } from '@ui/Toasts';
import { useCell, useLiveWork, useSetup, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { runCommand, useCommand, useKeysOf } from '@agent/parts/commands';
import { Dialogs, type Open } from './Dialogs';
import { menuItems } from './menu';
import { ASKED, type Asked } from './asked';
import { useMoves } from './useMoves';

/** Entries that a key does, too. */
const COMMANDS: Record<string, Command> = {
  transfer: 'transfer',
  assign: 'assign',
  park: 'snooze',
  tags: 'tags',
  priority: 'priority',
  forward: 'forward',
  help: 'help_flag',
  elsewhere: 'elsewhere',
};
const OVER = new Set(['solved', 'closed', 'merged', 'discarded']);

interface Keys {
  open: (what: Open) => void;
  may: (name: string) => boolean;
  work: boolean;
  over: boolean;
  take: (() => void) | undefined;
}

/** The keys of an open Case; those that cannot do anything now stay silent. */
function useKeysOfCase({ open, may, work, over, take }: Keys): void {
  useCommand('solve', () => open('solve'), { when: !over && may('move') });
  useCommand('solve_next', () => open('solve_next'), { when: !over && may('move') });
  useCommand('snooze', () => open('park'), { when: !over && may('move') });
  useCommand('transfer', () => open('transfer'), { when: work && may('transfer') });
  useCommand('assign', () => open('assign'), { when: work && may('transfer') });
  useCommand('take', () => take?.(), { when: take !== undefined });
  useCommand('tags', () => open('tags'), { when: may('edit') });
  useCommand('priority', () => open('priority'), { when: may('edit') });
  useCommand('help_flag', () => open('help'), { when: !over && may('move') });
  useCommand('elsewhere', () => open('elsewhere'), { when: !over && may('reply') });
  useCommand('forward', () => open('forward'), { when: may('note') });
}

export function Actions({ found, answer }: { found: Case; answer: CaseAnswer }) {
  const { t } = useTranslation();
  const workspace = useWorkspace();
  const moves = useMoves(found);
  const work = useLiveWork(found);
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<Open>();
  const [message, setMessage] = useState<Message>();
  const offline = !useCell(workspace.online);
  const may = (name: string): boolean => answer.may[name] !== false && !offline;
  const item = work[0];
  const over = OVER.has(found.state);
  const mine = work.some((one) => one.agent_id === workspace.me.id);
  const { queues } = useSetup();
  const wraps = (queues.find((one) => one.id === item?.queue_id)?.wrap_up_s ?? 0) > 0;
  const ends = wraps && item?.state === 'in_work' && mine && may('move');
  const takeable = item !== undefined && !item.agent_id && may('claim') && !mine;
  const start = (what: Open): void => {
    setMessage(undefined);
    setOpen(what);
  };
  useEffect(() => {
    const hear = (event: Event): void => {
      const asked = (event as CustomEvent<Asked>).detail;
      setMessage(asked.message);
      setOpen(asked.what);
    };
    window.addEventListener(ASKED, hear);
    return () => window.removeEventListener(ASKED, hear);
  }, []);
  useKeysOfCase({
    open: start,
    may,
    work: item !== undefined,
    over,
    take: takeable ? moves.claim : undefined,
  });
  useCommand('menu', () => menu.current?.querySelector('button')?.click());
  const copyLink = (): void => {
    const address = `${location.origin}${location.pathname}${href('case', found.id)}`;
    void navigator.clipboard
      .writeText(address)
      .then(() => toasts.show({ text: t('case.link_copied') }))
      .catch(() => toasts.show({ text: address }));
  };
  const next = (): void => {
    runCommand('next');
    runCommand('open');
  };
  const keysOf = useKeysOf();
  const items = menuItems({
    t,
    found,
    work: item !== undefined,
    held: work.some((one) => one.agent_id && one.agent_id !== workspace.me.id),
    finish: ends ? moves.finish : undefined,
    over,
    following: answer.me?.following === true,
    may,
    moves,
    setOpen: start,
    copyLink,
  }).map((item) => {
    const command = item === 'line' ? undefined : COMMANDS[item.id];
    return item === 'line' || !command ? item : { ...item, keys: keysOf(command) };
  });
  return (
    <div className="row case-actions">
      {takeable && (
        <Button small look="primary" icon="hand" busy={moves.busy} onClick={moves.claim}>
          {t('action.take')}
        </Button>
      )}
      {!over && (
        <Button
          small
          icon="check"
          busy={moves.busy}
          disabled={!may('move')}
          onClick={() => start('solve')}
        >
          {t('action.solve')}
        </Button>
      )}
      <div ref={menu}>
        <Menu label={t('action.more')} side="right" button={<Icon name="more" />} items={items} />
      </div>
      <Dialogs
        open={open}
        found={found}
        answer={answer}
        message={message}
        close={() => setOpen(undefined)}
        next={next}
      />
    </div>
  );
}
