// Which way to the stream is tried: WebSocket twice, then an event stream, then the long poll; kept 24 h.

import type { Kind } from './wires';

const KEY = 'polyphony-transport';
const KEPT_MS = 24 * 3_600_000;
const NEXT: Record<Kind, Kind> = { socket: 'sse', sse: 'poll', poll: 'socket' };
/** Failures in a row before the next way: a way that has worked in this page is trusted longer. */
const PATIENCE = { new: 2, proven: 8 };

export interface Memory {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export class Choice {
  kind: Kind = 'socket';
  private failures = 0;
  private proven = new Set<Kind>();

  constructor(
    private readonly memory?: Memory,
    private readonly now: () => number = () => Date.now(),
  ) {
    this.kind = this.remembered();
  }

  /** The server answered by this way. */
  worked(): void {
    this.failures = 0;
    this.proven.add(this.kind);
    if (this.kind === 'socket') this.memory?.removeItem(KEY);
    else if (this.remembered() !== this.kind) {
      const kept = { kind: this.kind, until: this.now() + KEPT_MS };
      this.memory?.setItem(KEY, JSON.stringify(kept));
    }
  }

  /** The server is there, but no frame came by this way. */
  failed(): void {
    this.failures += 1;
    const patience = this.proven.has(this.kind) ? PATIENCE.proven : PATIENCE.new;
    if (this.failures < patience) return;
    this.failures = 0;
    this.kind = NEXT[this.kind];
  }

  private remembered(): Kind {
    try {
      const kept = JSON.parse(this.memory?.getItem(KEY) ?? 'null') as {
        kind: Kind;
        until: number;
      } | null;
      return kept && kept.until > this.now() && kept.kind in NEXT ? kept.kind : 'socket';
    } catch {
      return 'socket';
    }
  }
}
