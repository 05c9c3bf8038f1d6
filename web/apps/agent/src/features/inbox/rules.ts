// Which rows belong to which list, and in which order: the client's half of the list's rules.

import type { Case, SavedView, WorkItem } from '@api/types';
import { holds, type Context, type Facts } from '@sync/filter';

export const TABS = ['mine', 'team', 'all', 'mentions', 'snoozed', 'repair'] as const;
export type TabName = (typeof TABS)[number];

export const SORTS = ['due', 'newest', 'oldest', 'priority'] as const;
export type Sort = (typeof SORTS)[number];

export interface Filter {
  tab: TabName | 'view';
  /** Of the kept view, when the tab is one. */
  view: string;
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

/** True when only the server can judge a row: searched words, mentions, failed deliveries. */
export const serverOnly = (filter: Filter): boolean =>
  filter.q !== '' || filter.tab === 'repair' || filter.tab === 'mentions';

/** What the lists must know of whoever looks: his Queues, and the departments whose Cases he lists. */
export interface Reader {
  id: string;
  queues?: readonly string[];
  listed?: readonly string[];
}

const inHand = (work: readonly WorkItem[], me: string): boolean =>
  work.some((item) => item.agent_id === me && HELD.has(item.state));

const over = (item: WorkItem): boolean => item.state === 'done' || item.state === 'cancelled';

/** Put aside until a moment: its work is parked, or it waits with a date. */
export function snoozed(row: Case, work: readonly WorkItem[]): boolean {
  const waits = row.state === 'wait_customer' || row.state === 'wait_third_party';
  if (waits && row.due_at) return true;
  return work.some((item) => item.state === 'parked' && item.wake_at !== null);
}

/** Put aside by this person, and the customer has not written since. */
const asideBy = (row: Case, me: string): boolean => row.snooze?.by === me;

/** When it comes back, for the row. */
export function wakesAt(row: Case, work: readonly WorkItem[]): string | null {
  if (row.snooze) return row.snooze.until;
  const parked = work.find((item) => item.state === 'parked' && item.wake_at)?.wake_at;
  return parked ?? (snoozed(row, work) ? row.due_at : null);
}

export function fits(row: Case, work: readonly WorkItem[], filter: Filter, me: Reader): boolean {
  if (filter.department && row.department_id !== filter.department) return false;
  switch (filter.tab) {
    case 'mine':
      return (
        inHand(work, me.id) ||
        (row.owner_id === me.id && !OVER.has(row.state) && !asideBy(row, me.id))
      );
    case 'team':
      return work.some(
        (item) =>
          (item.state === 'waiting' || item.state === 'offered') &&
          (me.queues ?? []).includes(item.queue_id),
      );
    case 'all':
      return stateFits(row, filter.state) && (me.listed ?? []).includes(row.department_id);
    case 'snoozed':
      return asideBy(row, me.id) && !inHand(work, me.id) && stateFits(row, 'open');
    case 'view':
    case 'mentions':
    case 'repair':
      return false;
  }
}

/** A kept view, judged here as the server does: among the listed Cases, by its tree. */
export function fitsView(
  row: Case,
  work: readonly WorkItem[],
  read: number | undefined,
  view: SavedView,
  reader: Reader & { context: Context },
): boolean {
  if (!(reader.listed ?? []).includes(row.department_id)) return false;
  return holds(view.filter, factsOf(row, work, read), reader.context);
}

export function factsOf(row: Case, work: readonly WorkItem[], read: number | undefined): Facts {
  const live = work.filter((item) => !over(item));
  const due = dueOf(row);
  return {
    state: row.state,
    priority: row.priority,
    tier: row.customer.tier,
    department: row.department_id,
    customer: row.customer.id,
    owner: row.owner_id,
    language: row.language,
    queue: live.map((item) => item.queue_id),
    agent: live.map((item) => item.agent_id).filter((id): id is string => id !== null),
    channel: row.channels,
    tags: row.tags,
    unread: unread(row, read),
    help: Boolean(row.help),
    snoozed: snoozed(row, live),
    opened_at: row.opened_at,
    last_at: row.last_at,
    due_at: due === NEVER ? null : due,
    text: [
      row.title,
      row.preview,
      row.customer.name,
      row.reference,
      row.reference.replaceAll(' ', ''),
    ],
  };
}

const NEVER = '9999';
const dues = new WeakMap<Case, string>();

/** The moment of the clock that strikes next; rows are compared thousands of times a second. */
export function dueOf(row: Case): string {
  let due = dues.get(row);
  if (due === undefined) {
    due = NEVER;
    for (const clock of row.clocks ?? []) {
      const live = clock.state === 'running' || clock.state === 'breached';
      if (live && clock.due_at && clock.due_at < due) due = clock.due_at;
    }
    dues.set(row, due);
  }
  return due;
}

const RANK: Readonly<Record<string, number>> = { critical: 0, high: 1, normal: 2, low: 3 };
const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export function compare(sort: Sort): (a: Case, b: Case) => number {
  switch (sort) {
    case 'newest':
      return (a, b) => text(b.last_at, a.last_at) || text(b.id, a.id);
    case 'oldest':
      return (a, b) => text(a.last_at, b.last_at);
    case 'priority':
      return (a, b) =>
        (RANK[a.priority] ?? 2) - (RANK[b.priority] ?? 2) || text(dueOf(a), dueOf(b));
    default:
      return (a, b) => text(dueOf(a), dueOf(b));
  }
}

/** The customer wrote something that neither I have seen nor one of us has answered. */
export const unread = (row: Case, read: number | undefined): boolean =>
  row.last_customer > row.last_staff && row.last_customer > (read ?? 0);
