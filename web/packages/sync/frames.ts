// The frames of the stream as they travel.

export interface StreamEvent {
  type: string;
  op: 'upsert' | 'gone' | 'touch' | 'fact';
  entity?: string;
  id?: string;
  v?: number;
  at?: string;
  case?: string;
  cid?: string;
  why?: string;
  data?: unknown;
}

export interface Reset {
  /** all · none · view · dept:<id> · queue:<id> */
  scope: string;
  reason: string;
  cursor?: string;
}

export interface Ephemeral {
  topic: string;
  kind: string;
  /** person:<id> · customer · agent · server */
  from?: string;
  data?: unknown;
}

export interface Welcome {
  cursor: string;
  grants: string;
  schema: number;
  build: string;
  now: string;
  hb: number;
  /** Name of the line where frames of the client go by POST (event stream, long poll). */
  line?: string;
}

export type ServerFrame =
  | ({ t: 'welcome' } & Welcome)
  | { t: 'ev'; prev: string; cursor: string; events: StreamEvent[]; more?: boolean }
  | { t: 'early'; events: StreamEvent[] }
  | { t: 'hb'; prev: string; cursor: string; now: string; lag_ms: number }
  | { t: 'ping'; n: number }
  | ({ t: 'reset' } & Reset)
  | ({ t: 'eph' } & Ephemeral)
  | { t: 'bye'; code: number; reason: string; retry_after_ms?: number };

/** Where a client stands when it opens a line. */
export interface Place {
  cursor?: string;
  grants?: string;
  schema: number;
  build: string;
  topics: string[];
}

export type ClientFrame =
  | ({ t: 'hello'; ticket: string } & Place)
  | { t: 'sub' | 'unsub'; topics: string[] }
  | { t: 'eph'; topic: string; kind: string; data?: unknown }
  | { t: 'pong'; n: number }
  | { t: 'ack'; cursor: string; offers?: string[]; age_ms?: number };
