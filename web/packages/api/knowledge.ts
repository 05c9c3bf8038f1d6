// Snippets, articles and macros, and the ways back to a customer, exactly as they travel.

import type { ChannelKind, Language } from './entities';

export type ShelfScope = 'personal' | 'department' | 'all';
export type Texts = Partial<Record<Language, string>>;

interface Shelved {
  id: string;
  version: number;
  scope: ShelfScope;
  person_id: string | null;
  department_id: string | null;
}

export interface Snippet extends Shelved {
  shortcut: string;
  name: string;
  bodies: Texts;
  channels: ChannelKind[];
}

export interface Article extends Shelved {
  titles: Texts;
  bodies: Texts;
  url: string;
}

export type MacroStep =
  | { do: 'tag'; add?: string[]; remove?: string[] }
  | { do: 'priority'; to: string }
  | { do: 'queue'; queue_id: string }
  | { do: 'assign'; to: string }
  | { do: 'note'; text: string }
  | { do: 'reply'; bodies: Texts }
  | { do: 'solve'; disposition?: string }
  | { do: 'snooze'; hours: number };

export interface Macro extends Shelved {
  name: string;
  steps: MacroStep[];
}

export interface DoorLimits {
  text_max: number;
  file_max_bytes: number;
  files: number;
  html: boolean;
}

/** One way to the customer of a Case. */
export interface Door {
  interaction_id: string | null;
  channel_kind: ChannelKind;
  account_id: string;
  account: string;
  identity_id: string;
  address: string;
  last_in_at: string | null;
  allowed: boolean;
  why: string;
  undo_s: number;
  limits: DoorLimits;
  signature: string | null;
}

/** Another version of a draft, written on another device. */
export interface OtherDraft {
  id: string;
  text: string;
  html: string | null;
  at: string;
}
