// The moves of a Case as calls, each with words about it and a way back.

import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import type { Client } from '@api/client';
import type { Case, Priority } from '@api/types';
import { useAct } from '@agent/data/act';
import { useLiveWork, useWorkspace } from '@agent/data/hooks';
import type { Workspace } from '@agent/data/workspace';
import { unchanged, WAITED, type CaseFields } from '@agent/parts/caseBack';
import { useHand } from './useHand';

export interface Moves {
  busy: boolean;
  move: (name: string, body?: Record<string, unknown>) => Promise<boolean>;
  change: (body: Partial<Pick<Case, 'title' | 'priority' | 'tags'>>) => Promise<boolean>;
  unmerge: () => void;
  claim: () => void;
  /** My work is over; a wrap-up comes first if its queue has one. */
  finish: () => void;
  wake: () => void;
  follow: (on: boolean) => Promise<boolean>;
  settleHelp: () => void;
  priority: (priority: Priority) => Promise<boolean>;
}

/** What takes a move back; moves that are not here are final or have their own way. */
const BACK: Record<string, string> = { solve: 'reopen', discard: 'restore', reopen: 'solve' };
/** The calls about one Case; what they answer goes into the store. */
function callsOf(client: Client, store: Workspace['store'], found: Case) {
  const path = `/v1/cases/${found.id}`;
  const take = async (call: Promise<Case | { case?: Case }>): Promise<Case> => {
    const answer = await call;
    const row = 'reference' in answer ? answer : answer.case;
    if (row) store.put('case', row);
    return row ?? found;
  };
  const moved = (name: string, body: Record<string, unknown> = {}): Promise<Case> =>
    take(client.post(`${path}/moves`, { body: { move: name, ...body } }));
  return {
    path,
    take,
    moved,
    now: (): Case => store.get('case', found.id) ?? found,
    /** Open again, and waiting as before if it waited. */
    undoMove: async (back: string): Promise<void> => {
      await moved(back);
      const waited = back === 'reopen' ? WAITED[found.state] : undefined;
      if (waited) await moved(waited, { due_at: found.due_at ?? undefined });
    },
    change: (body: CaseFields, version?: number): Promise<Case> =>
      take(
        client.patch(path, {
          body,
          headers: version === undefined ? undefined : { 'If-Match': `"${version}"` },
        }),
      ),
    snooze: (until: string): Promise<Case> =>
      take(client.post<{ case: Case }>(`${path}/snooze`, { body: { until, text: '' } })),
    /** False when it is awake but waits: the hands are full. */
    wake: async (): Promise<boolean> => {
      const query = { take: 'true' };
      const told = await client.delete<{ case: Case; taken?: boolean }>(`${path}/snooze`, {
        query,
      });
      store.put('case', told.case);
      return told.taken !== false;
    },
  };
}

export function useMoves(found: Case): Moves {
  const { t } = useTranslation();
  const { client, store, undos } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const [item] = useLiveWork(found);
  const hand = useHand(item);
  const calls = callsOf(client, store, found);
  const { path, take, moved } = calls;
  /** Does it, and offers to take it back. */
  const may = async (
    label: string | (() => string),
    work: () => Promise<unknown>,
    undo: () => Promise<unknown>,
  ): Promise<boolean> => {
    const good = await run(work);
    const words = typeof label === 'string' ? label : label();
    if (good) undos.offer(words, async () => void (await undo()));
    return good;
  };
  const move = (name: string, body: Record<string, unknown> = {}): Promise<boolean> => {
    const back = BACK[name];
    const label = t(`case.moved.${name}`);
    if (!back) return run(() => moved(name, body), label);
    return may(
      label,
      () => moved(name, body),
      () => calls.undoMove(back),
    );
  };
  const change: Moves['change'] = (body) => {
    const fields = Object.keys(body) as (keyof CaseFields)[];
    const was = Object.fromEntries(fields.map((field) => [field, found[field]])) as CaseFields;
    let set = found;
    return may(
      t('case.changed'),
      async () => (set = await calls.change(body)),
      () => {
        unchanged(calls.now(), set, fields);
        return calls.change(was, calls.now().version);
      },
    );
  };
  const tell = async (on: boolean): Promise<void> => {
    await (on ? client.put(`${path}/follow`) : client.delete(`${path}/follow`));
    await queries.invalidateQueries({ queryKey: ['case', found.id] });
  };
  return {
    busy: busy || hand.busy,
    move,
    change,
    priority: (priority) => change({ priority }),
    unmerge: () => {
      const into = found.merged_into;
      void may(
        t('case.unmerged'),
        () => take(client.post(`${path}/unmerge`)),
        () => client.post(`${path}/merge`, { body: { into } }),
      );
    },
    claim: () => void hand.claim(),
    finish: () => void hand.finish(),
    wake: () => {
      let taken = true;
      const label = (): string => t(taken ? 'case.woken' : 'case.woken_waits');
      const work = async (): Promise<void> => void (taken = await calls.wake());
      const until = found.snooze?.until;
      if (!until) void run(work, t('case.woken'));
      else void may(label, work, () => calls.snooze(until));
    },
    follow: (on) =>
      may(
        t(on ? 'case.followed' : 'case.unfollowed'),
        () => tell(on),
        () => tell(!on),
      ),
    settleHelp: () =>
      void run(() => take(client.delete<Case>(`${path}/help`)), t('case.help_settled')),
  };
}
