// Work going from hand to hand: taken, given, transferred; each with a way back while nobody else has it.

import { useTranslation } from 'react-i18next';
import type { WorkItem } from '@api/types';
import { useAct } from '@agent/data/act';
import { useNames, useWorkspace } from '@agent/data/hooks';

export interface Hand {
  busy: boolean;
  claim: () => Promise<boolean>;
  /** Over the head of whoever has it; supervisors only. */
  assign: (person: string, reason?: string) => Promise<boolean>;
  transfer: (to: {
    queue_id?: string;
    agent_id?: string;
    require?: boolean;
    note?: string;
  }) => Promise<boolean>;
  /** It is over, or goes through wrap-up first. */
  finish: () => Promise<boolean>;
}

export function useHand(item: WorkItem | undefined): Hand {
  const { t } = useTranslation();
  const { client, store, undos } = useWorkspace();
  const names = useNames();
  const { busy, run } = useAct();
  const call = async (verb: string, body?: unknown): Promise<void> => {
    const path = `/v1/work_items/${item?.id}/${verb}`;
    const answer = await client.post<{ work_item?: WorkItem } | undefined>(path, { body });
    if (answer?.work_item) store.put('work_item', answer.work_item);
  };
  const pass = async (
    label: string,
    work: () => Promise<void>,
    undo: () => Promise<void>,
  ): Promise<boolean> => {
    const good = await run(work);
    if (good) undos.offer(label, undo);
    return good;
  };
  return {
    busy,
    claim: () =>
      pass(
        t('work.claimed'),
        () => call('claim'),
        () => call('return'),
      ),
    assign: (person, reason) => {
      const had = item?.agent_id;
      return pass(
        t('assign.done', { name: names.person(person) }),
        () => call('assign', { agent_id: person, reason }),
        () =>
          had ? call('assign', { agent_id: had, reason: t('assign.undone') }) : call('return'),
      );
    },
    finish: () => run(() => call('finish', {}), t('work.finished')),
    transfer: (to) =>
      pass(
        t('transfer.done', {
          name: to.queue_id ? names.queue(to.queue_id) : names.person(to.agent_id),
        }),
        () => call('transfer', to),
        () => call('take_back'),
      ),
  };
}
