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
  scope: string;
  reason: string;
  cursor?: string;
}

export interface Ephemeral {
  topic: string;
  kind: string;
  from?: { id: string; name: string };
  data?: unknown;
}

export type ServerFrame =
  | {
      t: 'welcome';
      cursor: string;
      grants: string;
      schema: number;
      build: string;
      now: string;
      hb: number;
    }
  | { t: 'ev'; prev: string; cursor: string; events: StreamEvent[]; more?: boolean }
  | { t: 'early'; events: StreamEvent[] }
  | { t: 'hb'; prev: string; cursor: string; now: string; lag_ms: number }
  | { t: 'ping'; n: number }
  | ({ t: 'reset' } & Reset)
  | ({ t: 'eph' } & Ephemeral)
  | { t: 'bye'; code: number; reason: string; retry_after_ms?: number };

export type ClientFrame =
  | {
      t: 'hello';
      ticket: string;
      cursor?: string;
      grants?: string;
      schema: number;
      build: string;
      topics: string[];
    }
  | { t: 'sub' | 'unsub'; topics: string[] }
  | { t: 'eph'; topic: string; kind: string; data?: unknown }
  | { t: 'pong'; n: number }
  | { t: 'ack'; cursor: string; offers?: string[] };
