// Wallboards as the server tells of them.

export const FIGURES = [
  'waiting',
  'longest',
  'in_work',
  'breached',
  'due_soon',
  'service_level',
  'service_level_half',
  'answered',
  'abandon_pct',
  'abandon_pct_half',
  'entered',
  'asa',
  'work_span',
  'ready',
  'online',
  'offer_accept_pct',
] as const;
export type Figure = (typeof FIGURES)[number];

export interface BoardPage {
  title: string;
  kind: 'figures' | 'queues' | 'plots';
  figures: Figure[];
  queues: string[];
}

export interface Threshold {
  warn: number;
  bad: number;
}

export type Thresholds = Partial<Record<Figure, Threshold>>;

export interface Board {
  id: string;
  name: string;
  department_id: string | null;
  pages: BoardPage[];
  thresholds: Thresholds;
  seconds: number;
  language: string;
  version: number;
}

/** What a figure means, as the server counts it. */
export interface Definition {
  key: string;
  version: number;
  kind: string;
  clock: string;
  bucket: string;
  switches: { abandons: boolean; short: boolean; flow_outs: boolean };
  short_ms: number;
}

export interface BoardLink {
  id: string;
  name: string;
  expires_at: string | null;
  seen_at: string | null;
  locked_until: string | null;
  created_at: string;
}

/** What a screen on a wall is given when it is let in. */
export interface Opened {
  board: Board;
  queues: { id: string; name: string; department_id: string }[];
  metrics: Definition[];
  key: string;
  ticket: string;
  now: string;
}

/** A Queue as it goes on: what who comes now would wait, the service level of the half hour to come. */
export interface OverlookQueue {
  queue_id: string;
  waiting: number;
  warned: number;
  wait_ms: number | null;
  /** Of `judged` so many in time; the band in thousandths. */
  level?: { in_time: number; judged: number; low: number; high: number };
}

export interface OverlookDoor {
  id: string;
  kind: string;
  name: string;
  state: 'working' | 'degraded' | 'broken' | 'paused';
  failed: number;
  uncertain: number;
  unread: number;
  unread_since: string | null;
}

/** What stands beside the counters of a board. */
export interface Overlook {
  queues: OverlookQueue[];
  doors: OverlookDoor[];
  levers: {
    id: string;
    kind: string;
    queue_id: string | null;
    channel: string | null;
    until_at: string | null;
  }[];
  log_lag_ms: number | null;
  forecast: { version: number; horizon_ms: number; starts_min: number };
  at: string;
}
