// Which rows belong to which tab, and in which order: the client's half of the list's rules.

import type { Case, WorkItem } from '@api/types';

export const TABS = ['mine', 'team', 'all', 'repair'] as const;
export type TabName = (typeof TABS)[number];

export const SORTS = ['due', 'newest', 'oldest'] as const;
export type Sort = (typeof SORTS)[number];

export interface Filter {
  tab: TabName;
  state: string;
  department: string;
  sort: Sort;
  q: string;
}

const OVER = new Set(['closed', 'merged', 'discarded']);
const HELD = new Set(['in_work', 'suspended', 'wrap_up']);

function stateFits(row: Case, state: string): boolean {
  if (state === 'any') return true;
  if (state === 'solved') return row.state === 'solved';
  if (state === 'closed') return OVER.has(row.state);
  return row.state !== 'solved' && !OVER.has(row.state);
}

/** True when only the server can judge a row: full text, failed deliveries. */
export const serverOnly = (filter: Filter): boolean => filter.q !== '' || filter.tab === 'repair';

/** What the lists must know of whoever looks: his Queues, and the departments whose Cases he lists. */
export interface Reader {
  id: string;
  queues?: readonly string[];
  listed?: readonly string[];
}

export function fits(row: Case, work: readonly WorkItem[], filter: Filter, me: Reader): boolean {
  if (filter.department && row.department_id !== filter.department) return false;
  switch (filter.tab) {
    case 'mine':
      return (
        work.some((item) => item.agent_id === me.id && HELD.has(item.state)) ||
        (row.owner_id === me.id && !OVER.has(row.state))
      );
    case 'team':
      return work.some(
        (item) =>
          (item.state === 'waiting' || item.state === 'offered') &&
          (me.queues ?? []).includes(item.queue_id),
      );
    case 'all':
      return stateFits(row, filter.state) && (me.listed ?? []).includes(row.department_id);
    case 'repair':
      return false;
  }
}

const dueOf = (row: Case): string => {
  const due = (row.clocks ?? [])
    .filter((clock) => clock.due_at && (clock.state === 'running' || clock.state === 'breached'))
    .map((clock) => clock.due_at ?? '');
  return due.sort()[0] ?? '9999';
};

export function compare(sort: Sort): (a: Case, b: Case) => number {
  const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  if (sort === 'newest') return (a, b) => text(b.last_at, a.last_at);
  if (sort === 'oldest') return (a, b) => text(a.opened_at, b.opened_at);
  return (a, b) => text(dueOf(a), dueOf(b)) || text(a.last_at, b.last_at);
}

/** The customer wrote something that neither I have seen nor one of us has answered. */
export const unread = (row: Case, read: number | undefined): boolean =>
  row.last_customer > row.last_staff && row.last_customer > (read ?? 0);
