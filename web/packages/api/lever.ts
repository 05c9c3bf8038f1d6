// Levers as the server tells of them: changes of routing for a while, and what a preview says.

export const LEVER_KINDS = [
  'weight',
  'pause',
  'hours',
  'overflow',
  'ladder_now',
  'reserve',
  'lend',
  'capacity',
  'callback',
  'outage',
] as const;
export type LeverKind = (typeof LEVER_KINDS)[number];

/** What becomes of what waits on a channel that is out of order. */
export type LeverDrain = 'wait' | 'callback';

export type LeverState = 'in_force' | 'asked' | 'undone' | 'expired' | 'permanent' | 'withdrawn';

export interface LeverRow {
  id: string;
  version: number;
  kind: LeverKind;
  department_id: string | null;
  queue_id: string | null;
  channel: string | null;
  tier: string | null;
  agent_ids: string[];
  /** Its amount under its name; of a loan also `skills`, of an outage `other` and `drain`. */
  value: Record<string, number | string | Record<string, number>>;
  seconds: number;
  reason: string;
  by_id: string;
  second_id: string | null;
  asked_at: string;
  from_at: string | null;
  until_at: string | null;
  ended_at: string | null;
  ended_by: string | null;
  state: LeverState;
  may_confirm: boolean;
  may_stay: boolean;
  before: Record<string, unknown>;
  /** What the preview had said when it was pulled. */
  seen: { waiting: number; wait_before_ms: number; wait_after_ms: number } | null;
  effect: {
    waiting: number;
    longest_ms: number | null;
    offers: number;
    /** What came while it was in force, by the sums of a service level. */
    sums?: Record<string, number>;
  } | null;
}

/** What can be pulled: how long it usually lasts, its amount and the bounds of it. */
export interface LeverTerms {
  kind: LeverKind;
  seconds: number;
  amount: string | null;
  low: number;
  high: number;
  usual: number;
  may_stay: boolean;
  /** It has no end: somebody takes it off. */
  until_cleared?: boolean;
}

export interface Levers {
  items: LeverRow[];
  kinds: LeverTerms[];
  alone_milli: number;
  seconds: { least: number; most: number };
  now: string;
}

/** How long what waits would go on waiting (half an hour at most), and how much still would. */
export interface LeverWaits {
  wait_ms: number;
  left: number;
  in_time: number;
  /** Of so many it is known by the end of the half hour; the share of both is the service level to come. */
  judged: number;
  /** Where that share lies 19 times of 20, in thousandths. */
  band: [number, number] | null;
}

export interface LeverOffer {
  work_item_id: string;
  case_id: string | null;
  reference: string | null;
  queue_id: string;
  channel: string;
  /** Null where one does not lead him. */
  agent_id: string | null;
  after_ms: number;
}

export interface LeverPreview {
  horizon_ms: number;
  waiting: number;
  agents: number;
  before: LeverWaits;
  after: LeverWaits;
  queues: { queue_id: string; waiting: number; before: LeverWaits; after: LeverWaits }[];
  loads: { agent_id: string; before: number; after: number }[];
  /** So many agents' half hours would change. */
  affected: number;
  first: { before: LeverOffer[]; after: LeverOffer[] };
  cut: boolean;
  needs_two: boolean;
}

/** What is sent to look at a lever; with a reason it is pulled. */
export interface LeverWish {
  kind: LeverKind;
  queue_id?: string;
  channel?: string;
  tier?: string;
  agent_ids?: string[];
  amount?: number;
  to_queue_id?: string;
  skills?: Record<string, number>;
  other_channel?: string;
  drain?: LeverDrain;
  seconds: number;
}
