// The lines of a timeline with the days between them, as the virtual list shows them.

import type { TimelineRow } from '@api/types';

export type Shown =
  { kind: 'day'; key: string; at: number } | { kind: 'line'; key: string; row: TimelineRow };

/** Newest first; before the first line of each day stands the day. */
export function withDays(rows: readonly TimelineRow[]): Shown[] {
  const shown: Shown[] = [];
  let day = '';
  for (const row of rows) {
    const at = Date.parse(row.at);
    const here = new Date(at).toDateString();
    if (here !== day) shown.push({ kind: 'day', key: here, at });
    day = here;
    shown.push({ kind: 'line', key: row.message_id, row });
  }
  return shown;
}

export interface Filters {
  q: string;
  channel: string;
  kind: string;
  department: string;
}

export const NO_FILTERS: Filters = { q: '', channel: '', kind: '', department: '' };

export const filtered = (filters: Filters): boolean => Object.values(filters).some(Boolean);
