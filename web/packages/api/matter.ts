// What goes with a Case and its people: notices, a raised flag, moments somebody said.

import type { Entity } from './entities';

/** A raised flag: who asks for help, with one line. */
export interface Help {
  by: string;
  name: string;
  text: string;
  at: string;
}

export type NoticeKind =
  | 'mention'
  | 'followed_reply'
  | 'sla_warning'
  | 'delivery_failed'
  | 'help_raised'
  | 'whisper'
  | 'job_done'
  | 'snooze_over';

/** Something one person should know. */
export interface Notice extends Entity {
  kind: NoticeKind;
  case_id: string | null;
  reference: string | null;
  message_id: string | null;
  from_name: string;
  text: string;
  at: string;
  read_at: string | null;
}
