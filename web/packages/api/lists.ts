// Kept lists and jobs over many Cases, exactly as they travel.

import type { Filter } from '@sync/filter';

export type Sharing = 'personal' | 'team' | 'shared';
export type ViewColour = 'plain' | 'accent' | 'good' | 'warn' | 'bad' | 'note';

export interface SavedView {
  id: string;
  version: number;
  name: string;
  sharing: Sharing;
  owner_id: string;
  department_id: string | null;
  colour: ViewColour;
  sort: 'due' | 'newest' | 'oldest' | 'priority';
  place: number;
  filter: Filter;
  may_edit: boolean;
}

export type BulkAction =
  'assign' | 'queue' | 'tags' | 'priority' | 'status' | 'snooze' | 'merge' | 'discard' | 'macro';

export interface BulkJob {
  id: string;
  version: number;
  action: BulkAction;
  args: Record<string, unknown>;
  state: 'queued' | 'running' | 'done' | 'cancelled';
  total: number;
  done: number;
  failed: number;
  undo: 'no' | 'offered' | 'asked' | 'done';
  undone: number;
  kept: number;
  created_at: string;
  ended_at: string | null;
  undo_until: string | null;
}

export interface BulkFailure {
  case_id: string;
  reference: string;
  title: string;
  why: string;
}
