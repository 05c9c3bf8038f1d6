// The moves of a Case as calls, each with words about it and a way back.

import { useTranslation } from 'react-i18next';
import type { Case, Priority, WorkItem } from '@api/types';
import { useAct } from '@agent/data/act';
import { useQueryClient } from '@tanstack/react-query';
import { useLiveWork, useWorkspace } from '@agent/data/hooks';

export interface Moves {
  busy: boolean;
  move: (name: string, body?: Record<string, unknown>) => Promise<boolean>;
  change: (body: Partial<Pick<Case, 'title' | 'priority' | 'tags'>>) => Promise<boolean>;
  unmerge: () => void;
  claim: () => void;
  wake: () => void;
  follow: (on: boolean) => Promise<boolean>;
  settleHelp: () => void;
  priority: (priority: Priority) => Promise<boolean>;
}

/** What takes a move back; moves that are not here are final or have their own way. */
const BACK: Record<string, string> = { solve: 'reopen', discard: 'restore', reopen: 'solve' };

export function useMoves(found: Case): Moves {
  const { t } = useTranslation();
  const { client, store, undos } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const [item] = useLiveWork(found);
  const path = `/v1/cases/${found.id}`;
  const take = async (call: Promise<Case | { case?: Case }>): Promise<void> => {
    const answer = await call;
    const row = 'reference' in answer ? answer : answer.case;
    if (row) store.put('case', row);
  };
  const moved = (name: string, body: Record<string, unknown>): Promise<void> =>
    take(client.post(`${path}/moves`, { body: { move: name, ...body } }));
  const move = async (name: string, body: Record<string, unknown> = {}): Promise<boolean> => {
    const back = BACK[name];
    const good = await run(() => moved(name, body), back ? undefined : t(`case.moved.${name}`));
    if (good && back) undos.offer(t(`case.moved.${name}`), () => moved(back, {}));
    return good;
  };
  const change: Moves['change'] = async (body) => {
    const was = Object.fromEntries(
      Object.keys(body).map((key) => [key, found[key as 'title' | 'priority' | 'tags']]),
    );
    const good = await run(() => take(client.patch(path, { body })));
    if (good) undos.offer(t('case.changed'), () => take(client.patch(path, { body: was })));
    return good;
  };
  return {
    busy,
    move,
    change,
    priority: (priority) => change({ priority }),
    unmerge: () => void run(() => take(client.post(`${path}/unmerge`)), t('case.unmerged')),
    claim: () =>
      void run(async () => {
        const taken = await client.post<{ work_item?: WorkItem }>(
          `/v1/work_items/${item?.id}/claim`,
        );
        if (taken.work_item) store.put('work_item', taken.work_item);
      }, t('work.claimed')),
    wake: () =>
      void run(
        () => take(client.delete<{ case: Case }>(`${path}/snooze`, { query: { take: 'true' } })),
        t('case.woken'),
      ),
    follow: (on) =>
      run(
        async () => {
          await (on ? client.put(`${path}/follow`) : client.delete(`${path}/follow`));
          await queries.invalidateQueries({ queryKey: ['case', found.id] });
        },
        t(on ? 'case.followed' : 'case.unfollowed'),
      ),
    settleHelp: () =>
      void run(() => take(client.delete<Case>(`${path}/help`)), t('case.help_settled')),
  };
}
