// What a person may say about being here: status with reason and planned return, channels, "I am here".

import type { Load, Presence, Status } from '@api/types';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

interface Answer {
  presence: Presence;
  load?: Load | null;
}

export interface PresenceWish {
  status: Status;
  reason?: string;
  /** Minutes until the planned return. */
  back_in?: number;
}

export interface PresenceCalls {
  busy: boolean;
  set: (wish: PresenceWish) => void;
  toggle: (kind: string, on: boolean) => void;
  here: () => void;
}

export function usePresenceCalls(): PresenceCalls {
  const { client, store, clock } = useWorkspace();
  const { busy, run } = useAct();
  const take = async (call: Promise<Answer>): Promise<void> => {
    const { presence, load } = await call;
    store.put('presence', presence);
    if (load) store.put('load', load);
  };
  return {
    busy,
    set: ({ status, reason, back_in }) => {
      const back = back_in && new Date(clock.now() + back_in * 60_000).toISOString();
      const body = { status, ...(reason && { reason }), ...(back && { planned_return: back }) };
      void run(() => take(client.put('/v1/presence', { body })));
    },
    toggle: (kind, on) =>
      void run(() => take(client.put(`/v1/presence/channels/${kind}`, { body: { on } }))),
    here: () => void run(() => take(client.post('/v1/presence/here'))),
  };
}
