// What goes with a Case and its people: notices, a raised flag, moments somebody said.

import type { Entity } from './entities';
import type { NoticeKind } from './settings';

/** A raised flag: who asks for help, with one line. */
export interface Help {
  by: string;
  name: string;
  text: string;
  at: string;
}

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
  urgent?: boolean;
  /** The rung of an escalation somebody shall say he has. */
  run_id?: string | null;
}
