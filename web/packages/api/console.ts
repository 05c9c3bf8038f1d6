// What those who lead see: agents with their work, what waits, alerts; as the server tells of them.

import type { Case, Load, Presence } from './types';

export interface Held {
  id: string;
  /** None: a matter the reader may not see. */
  case_id: string | null;
  reference: string | null;
  title: string | null;
  channel_kind: string;
  queue_id: string;
  state: 'offered' | 'in_work' | 'suspended' | 'wrap_up';
  since: string;
  help: boolean;
}

export interface ConsoleAgent {
  id: string;
  name: string;
  departments: string[];
  queues: string[];
  last_offer: { state: string; at: string; reason: string | null } | null;
  presence: Presence | null;
  load: Load | null;
  work: Held[];
}

export interface Waits {
  id: string;
  case_id: string;
  reference: string;
  title: string;
  customer: string;
  tier: string;
  urgency: string;
  channel_kind: string;
  state: string;
  agent_id: string | null;
  waiting_since: string;
  due_at: string | null;
  ladder_step: number;
}

export interface Alert {
  id: string;
  version: number;
  kind: string;
  /** Customers suffer while it lasts. */
  grave?: boolean;
  department_id: string;
  queue_id: string | null;
  agent_id: string | null;
  work_item_id: string | null;
  case_id: string | null;
  reference: string | null;
  title: string | null;
  run_id: string | null;
  facts: Record<string, unknown>;
  at: string;
  settled_at: string | null;
  settled_by: string | null;
  /** It is so no longer. */
  gone_at: string | null;
}

export interface AlertList {
  items: Alert[];
  /** Cases whose agent asks for help. */
  flags: Case[];
}
