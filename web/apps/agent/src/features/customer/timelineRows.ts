// The lines of a timeline with the days between them, as the virtual list shows them.

import type { TimelineRow } from '@api/types';

export type Shown =
  | { kind: 'day'; key: string; at: number }
  /** `named`: its Case is another than that of the line above, and is told. */
  | { kind: 'line'; key: string; row: TimelineRow; named: boolean };

/** Newest first; before the first line of each day stands the day. */
export function withDays(rows: readonly TimelineRow[]): Shown[] {
  const shown: Shown[] = [];
  let day = '';
  let matter = '';
  for (const row of rows) {
    const at = Date.parse(row.at);
    const here = new Date(at).toDateString();
    const named = here !== day || row.case_id !== matter;
    if (here !== day) shown.push({ kind: 'day', key: here, at });
    day = here;
    matter = row.case_id;
    shown.push({ kind: 'line', key: row.message_id, row, named });
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
