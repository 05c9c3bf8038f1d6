// The answers of the HTTP interface that carry more than one entity.

import type {
  Colleague,
  Department,
  Disposition,
  Person,
  PresenceStatus,
  Queue,
  Skill,
} from './company';
import type { Door } from './knowledge';
import type {
  Account,
  Case,
  ChannelKind,
  DraftEntity,
  Facts,
  Interaction,
  Load,
  Message,
  Offer,
  Presence,
  Tier,
  WorkItem,
} from './entities';
import type { CaseStep } from './steps';
import type { SavedView } from './lists';
import type { PersonSettings } from './settings';

export interface CasePage {
  items: Case[];
  /** Who has begun to write in these Cases, without the words. */
  drafts?: DraftEntity[];
  work_items?: WorkItem[];
  next_cursor: string | null;
  as_of?: string;
  reads?: Record<string, number>;
  unread?: Record<string, number>;
  /** How many there are in all pages, when asked for. */
  count?: number;
}

export interface Bootstrap {
  cursor: string;
  now: string;
  schema: number;
  build: string;
  grants: string;
  me: Person;
  presence: Presence | null;
  load: Load | null;
  departments: Department[];
  queues: Queue[];
  skills: Skill[];
  colleagues: Colleague[];
  accounts: Account[];
  presence_statuses?: PresenceStatus[];
  offers: Offer[];
  list: { items: Case[]; next_cursor: string | null };
  work_items: WorkItem[];
  drafts?: DraftEntity[];
  reads?: Record<string, number>;
  unread?: Record<string, number>;
  views?: SavedView[];
  counters: Record<string, number>;
  settings: {
    undo_s: number | Record<string, number>;
    offline: string;
    demo: boolean;
    /** What one WorkItem of a channel costs. */
    units: Record<string, number>;
    person: PersonSettings;
  };
  dispositions: (Disposition | string)[];
}

export interface ReplyTo {
  interaction_id: string;
  channel_kind: ChannelKind;
  account: { id: string; name: string; address: string } | string | null;
  address: string;
  allowed: boolean;
  why?: string | null;
}

/** What goes with a matter that was handed over. */
export interface Packet {
  at: string;
  by: string;
  note: string;
  wants: string;
  /** What the customer's page says of him: claims. */
  told: Record<string, string>;
  known: Record<string, unknown>;
  proved: { address: string; level: number; method: string; since: string } | null;
  tried: { id: string; at: string; by: string; text: string }[];
}

export interface CaseAnswer {
  packet?: Packet | null;
  case: Case;
  interactions: Interaction[];
  work_items: WorkItem[];
  steps?: CaseStep[];
  participants: Facts[];
  messages: Message[];
  older_cursor: number | string | null;
  drafts: DraftEntity[];
  may: Record<string, boolean>;
  reply_to: ReplyTo | null;
  /** Every way to the customer, the best first. */
  doors?: Door[];
  /** What the variables of texts say for this Case and reader. */
  variables?: Record<string, string>;
  read?: number | null;
  as_of?: string;
  me?: { following: boolean };
  followers?: { id: string; name: string }[];
}

export interface Customer {
  id: string;
  version: number;
  name: string;
  tier: Tier;
  language: string | null;
  attrs?: Record<string, string>;
  created_at?: string;
}

export interface Identity {
  id: string;
  kind: ChannelKind;
  address: string;
  level: number;
  state: string;
  state_why?: string | null;
  role?: 'uses' | 'claims';
  method?: string;
  since?: string;
}

export interface TimelineRow {
  message_id: string;
  title?: string;
  position?: number;
  files?: number;
  case_id: string;
  reference: string;
  channel_kind: ChannelKind;
  kind: 'in' | 'out' | 'note' | 'system';
  at: string;
  preview: string;
  department_id: string;
  author: { kind?: string; name: string } | string;
}

/** What his visible matters add up to. */
export interface CustomerSummary {
  cases: number;
  open_cases: number;
  interactions: number;
  first_at: string | null;
  last_at: string | null;
}

/** The channel he usually takes, and why we think so. */
export interface UsualChannel {
  channel_kind: ChannelKind;
  why: 'mostly' | 'only';
  n: number;
  of: number;
}

export interface CustomerRow {
  id: string;
  name: string;
  tier: Tier;
  language: string | null;
  first_seen: string;
  last_seen: string | null;
  cases: number;
  open_cases: number;
  channels: ChannelKind[];
  addresses: string[];
}

export interface CustomerNote {
  id: string;
  author_id: string;
  author: string;
  text: string;
  at: string;
  edited_at: string | null;
  version: number;
}

export interface CustomerAnswer {
  /** Who an old id means now. */
  canonical_id?: string;
  customer: Customer;
  identities: Identity[];
  summary: CustomerSummary;
  usual: UsualChannel | null;
  cases: Case[];
}

export interface SearchAnswer {
  cases: Case[];
  customers: Customer[];
}

export interface WhyAnswer {
  queue: Facts;
  state: string;
  /** Why it still waits, when the router can tell. */
  waiting?: Facts;
  /** Who else was asked is told only to whoever leads the department. */
  offers: (Omit<Offer, 'agent_id'> & { agent_id: string | null })[];
  /** How it moved and what the router did in between, newest first. */
  trace: { at: string; code: string; by: string; facts: Facts }[];
}
