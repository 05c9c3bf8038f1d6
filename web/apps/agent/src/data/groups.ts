// What belongs to a Case, in its order, and the Offers of each agent by state.

import type { EntityStore } from '@sync/entities';
import { Groups } from '@sync/group';
import type { Entities } from './entities';

type Store = EntityStore<Entities>;

const text = (a: string, b: string): number => (a < b ? -1 : 1);

export const groupedByCase = (store: Store) => ({
  message: new Groups(
    store,
    'message',
    (row) => row.case_id,
    (a, b) => a.position - b.position,
  ),
  work_item: new Groups(
    store,
    'work_item',
    (row) => row.case_id,
    (a, b) => text(a.waiting_since, b.waiting_since),
  ),
  interaction: new Groups(
    store,
    'interaction',
    (row) => row.case_id,
    (a, b) => text(a.opened_at, b.opened_at),
  ),
  case_step: new Groups(
    store,
    'case_step',
    (row) => row.case_id,
    (a, b) => a.position - b.position,
  ),
  draft: new Groups(
    store,
    'draft',
    (row) => row.case_id,
    (a, b) => text(a.updated_at, b.updated_at),
  ),
});

/** Keyed by "agent state": the tray reads "me offered". */
export const offersByAgent = (store: Store): Groups<Entities, 'offer'> =>
  new Groups(
    store,
    'offer',
    (row) => `${row.agent_id} ${row.state}`,
    (a, b) => text(a.deadline, b.deadline),
  );
