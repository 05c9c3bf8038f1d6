// The entities of the HTTP interface and the stream, exactly as they travel.

import type { Callback } from './callback';
import type { Help } from './matter';
import type { StepKind, Titles } from './steps';

export type ChannelKind = 'email' | 'chat' | 'loopback';
/** What work comes by: a way to talk, a step of a process, or a promise to call back. */
export type WorkChannel = ChannelKind | 'case_step' | 'callback';
export type Language = 'en' | 'cs' | 'pl' | 'ru';
/** A role by its key: agent, supervisor, admin, auditor, or one of one's own. */
export type Role = string;
export type Tier = 'standard' | 'priority' | 'vip';
export type Priority = 'low' | 'normal' | 'high' | 'critical';
export type CaseState =
  'open' | 'wait_customer' | 'wait_third_party' | 'solved' | 'closed' | 'merged' | 'discarded';

export interface Entity {
  id: string;
  version: number;
}

export interface SlaClock {
  type:
    | 'first_response'
    | 'next_response'
    | 'resolution'
    | 'acknowledge'
    | 'update_every'
    | 'step'
    | 'legal';
  state: 'running' | 'paused' | 'met' | 'breached' | 'cancelled';
  target_ms: number;
  consumed_ms: number;
  running_since: string | null;
  warn_at: string | null;
  due_at: string | null;
}

export interface CaseLink {
  case_id: string;
  reference: string;
  kind: string;
  /** True when the other Case links to this one. */
  back?: boolean;
}

export interface Case extends Entity {
  reference: string;
  title: string;
  preview: string;
  state: CaseState;
  state_since: string;
  due_at: string | null;
  priority: Priority;
  language: string | null;
  department_id: string;
  visibility: 'open' | 'sealed';
  owner_id: string | null;
  record_id: string;
  customer: {
    id: string;
    name: string;
    tier: Tier;
    language: string | null;
    zone?: string | null;
  };
  channels: ChannelKind[];
  opened_at: string;
  last_at: string;
  last_item: number;
  last_customer: number;
  last_staff: number;
  tags: string[];
  merged_into: string | null;
  links?: CaseLink[];
  kind?: string;
  kind_id?: string | null;
  kind_name?: Record<string, string> | null;
  /** How far its process has come; none without one. */
  steps?: { done: number; total: number; now: string | null; titles?: Titles | null } | null;
  help?: Help | null;
  snooze?: { by: string; until: string } | null;
  clocks: SlaClock[];
  demo: boolean;
}

export type WorkState =
  'waiting' | 'offered' | 'in_work' | 'suspended' | 'wrap_up' | 'parked' | 'done' | 'cancelled';

export interface Requirement {
  skill: string;
  min_level?: number;
  kind?: string;
}

export interface WorkItem extends Entity {
  case_id: string;
  /** None for a step and for a callback. */
  interaction_id: string | null;
  queue_id: string;
  channel_kind: WorkChannel;
  state: WorkState;
  state_since: string;
  units: number;
  tier: Tier;
  urgency: string;
  requirements: Requirement[];
  waiting_since: string;
  wake_at: string | null;
  agent_id: string | null;
  due_at: string | null;
  disposition: string | null;
  /** Its end was not told in time: the Case cannot close. */
  disposition_due?: boolean;
  wrap_until?: string | null;
  wrap_extended?: number;
  suspended_at?: string | null;
  /** When its agent is asked whether he gives it back. */
  ask_back_at?: string | null;
  why_queue: Facts;
  /** The step it is, when it is work of a process. */
  step?: { id: string; title: string; titles?: Titles; kind: StepKind } | null;
  /** Who left the line of a chat and is called or written to, when it is that. */
  callback?: Callback | null;
}

export interface Interaction extends Entity {
  case_id: string;
  channel_kind: ChannelKind;
  account_id: string;
  mode: 'live' | 'async';
  state: 'new' | 'with_bot' | 'waiting' | 'with_agent' | 'quiet' | 'ended';
  language: string | null;
  subject: string;
  agent_id: string | null;
  identity: { id: string; address: string; name: string; level: number; state: string };
  opened_at: string;
  ended_at: string | null;
}

export type DeliveryState =
  | 'held'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'uncertain'
  | 'failed'
  | 'cancelled'
  | 'expired';

export interface Delivery {
  id: string;
  state: DeliveryState;
  why: string | null;
  detail: string | null;
  not_before: string;
  to: string;
  /** A scheduled answer that leaves even when the customer writes first. */
  pinned?: boolean;
}

export interface MessageFile {
  id: string;
  name: string;
  media_type: string;
  size: number;
  inline: boolean;
  cid: string | null;
  url: string;
}

/** Codes with numbers, as the server's decisions give them. */
export type Facts = Record<string, unknown>;

export interface Message extends Entity {
  case_id: string;
  interaction_id: string;
  position: number;
  kind: 'in' | 'out' | 'note' | 'system';
  author: { kind: string; id: string | null; name: string };
  text: string;
  text_full?: string | null;
  has_html: boolean;
  /** Signed address of the cleaned mail body. */
  html_url?: string | null;
  subject: string;
  language: string | null;
  automated: string;
  defects: string[];
  facts: Facts;
  at: string;
  sent_at: string | null;
  cid: string | null;
  delivery: Delivery | null;
  files: MessageFile[];
  arrival_id: string | null;
}

export interface OfferCard {
  /** The title of the step, when it is work of a process. */
  step?: string | null;
  step_titles?: Titles | null;
  /** How somebody who left the line wants to hear from us; the address shortened. */
  callback?: Pick<Callback, 'way' | 'reason' | 'address'> | null;
  channel_kind: WorkChannel;
  queue: string;
  customer: string;
  tier: Tier;
  title: string;
  preview: string;
  waiting_since: string;
  due_at: string | null;
  reference: string;
}

export interface Offer extends Entity {
  work_item_id: string;
  case_id: string;
  agent_id: string;
  state: 'offered' | 'accepted' | 'declined' | 'missed' | 'withdrawn';
  made_at: string;
  deadline: string;
  settled_at: string | null;
  reason: string | null;
  why: Facts;
  /** It is taken as soon as its card is on the screen. */
  auto?: boolean;
  may_decline?: boolean;
  card: OfferCard;
}

/** A status by its key: online, busy, break, offline, one the system sets, or one of the house. */
export type Status = string;

export interface Presence extends Entity {
  status: Status;
  previous: Status | null;
  toggles: Record<string, boolean>;
  silent: string[];
  reason: string | null;
  since: string;
  planned_return: string | null;
  grace_until: string | null;
  /** The status before the last change, and the person who made it (none: he himself or nobody). */
  from?: Status | null;
  by?: string | null;
}

export interface Load extends Entity {
  cap_max: number;
  routed_units: number;
  manual_units: number;
  misses: Record<string, number>;
  /** Channels the agent may take, and how much of each is held now. */
  channels: string[];
  held: Record<string, number>;
}

export interface Account extends Entity {
  kind: ChannelKind;
  name: string;
  address: string;
  state: 'working' | 'degraded' | 'broken' | 'paused';
  health: Facts;
}

export interface DraftEntity extends Entity {
  case_id: string;
  person_id: string;
  mode: 'reply' | 'note';
  channel?: string;
  person?: string;
  shared?: boolean;
  /** Not in the stream: it only tells that there is one. */
  text: string;
  html?: string | null;
  files: UploadedFile[];
  updated_at: string;
}

export interface UploadedFile {
  id: string;
  name: string;
  media_type: string;
  size: number;
}
