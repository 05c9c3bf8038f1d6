// What a person likes in the workspace, as the server keeps it.

export type ThemeName = 'system' | 'light' | 'dark' | 'contrast';
export type Density = 'comfortable' | 'cosy' | 'compact';

export const NOTICE_KINDS = [
  'offer',
  'message',
  'mention',
  'followed_reply',
  'sla_warning',
  'delivery_failed',
  'help_raised',
  'whisper',
  'job_done',
  'snooze_over',
  'escalation',
  'presence_changed',
  'return_due',
  'rule_failed',
  'alert',
  'taken_over',
  'monitored',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

export const WAYS = ['screen', 'sound', 'os', 'email'] as const;
export type Way = (typeof WAYS)[number];

export type Ways = Record<Way, boolean>;

export interface Quiet {
  from: string;
  to: string;
  /** 0 = Monday; none = every day. */
  days: number[];
}

export interface PersonSettings {
  theme: ThemeName;
  density: Density;
  font_scale: number;
  single_keys: boolean;
  keys: Record<string, string>;
  panels: Record<string, number>;
  notify: Record<NoticeKind, Ways>;
  quiet: Quiet | null;
  volume: number;
  draft_private: boolean;
  send_and: 'reply' | 'solve';
}

/** A change: null takes an entry of a map back to what it was built as. */
export type SettingsChange = Partial<
  Omit<PersonSettings, 'keys' | 'panels' | 'notify'> & {
    keys: Record<string, string | null>;
    panels: Record<string, number | null>;
    notify: Partial<Record<NoticeKind, Partial<Ways> | null>>;
  }
>;
