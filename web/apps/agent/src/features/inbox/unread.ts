// How many lines of the customer a person has not read: the server's count, and what came since.

import type { Case, Message } from '@api/types';

interface Base {
  count: number;
  /** The newest line of the customer when it was counted. */
  upto: number;
}

const bases = new Map<string, Base>();

/** Takes the counts of a page; a Case without one has nothing unread. */
export function takeUnread(
  rows: readonly Case[],
  counts: Readonly<Record<string, number>> | undefined,
): void {
  for (const row of rows)
    bases.set(row.id, { count: counts?.[row.id] ?? 0, upto: row.last_customer });
}

/** At least one when the Case is unread at all. */
export function unreadCount(
  row: Case,
  read: number | undefined,
  lines: readonly Message[],
): number {
  const from = Math.max(row.last_staff, read ?? 0);
  if (row.last_customer <= from) return 0;
  const base = bases.get(row.id);
  const known = base && base.upto > from ? base.count : 0;
  const edge = Math.max(from, base?.upto ?? 0);
  const came = lines.filter((line) => line.kind === 'in' && line.position > edge).length;
  return Math.max(1, known + came);
}
