// The line of a screen on a wall: let in by PIN or kept key, then a socket that is dialled again for ever.

import type { Opened } from '@api/board';
import { BoardFeed } from '@sync/board';
import type { ServerFrame } from '@sync/frames';
import { Cell } from '@agent/data/cell';

export type WallState = 'opening' | 'locked' | 'wrong' | 'waiting' | 'gone' | 'live' | 'away';

const FIRST_MS = 500;
const MOST_MS = 30_000;
const SILENT_MS = 15_000;

const keptAs = (token: string): string => `polyphony-tv-${token.slice(0, 16)}`;

export class Wall {
  readonly state = new Cell<WallState>('opening');
  readonly opened = new Cell<Opened | undefined>(undefined);
  readonly feed: BoardFeed;
  private socket: WebSocket | undefined;
  private tries = 0;
  private again: ReturnType<typeof setTimeout> | undefined;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private stopped = false;

  constructor(private readonly token: string) {
    this.feed = new BoardFeed((topic) =>
      this.socket?.send(JSON.stringify({ t: 'eph', topic, kind: 'whole' })),
    );
  }

  start(): void {
    this.stopped = false;
    const key = localStorage.getItem(keptAs(this.token));
    if (key) void this.open({ key });
    else this.state.set('locked');
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.again);
    clearTimeout(this.silence);
    this.socket?.close();
  }

  enter(pin: string): void {
    void this.open({ pin });
  }

  get topic(): string {
    return `board:${this.opened.get()?.board.department_id ?? 'house'}`;
  }

  private async open(proof: { key?: string; pin?: string }): Promise<void> {
    if (this.stopped) return;
    let answer: Response;
    try {
      answer = await fetch(`/v1/tv/${this.token}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(proof),
        credentials: 'omit',
      });
    } catch {
      this.retry(proof);
      return;
    }
    if (answer.ok) this.welcome((await answer.json()) as Opened);
    else if (answer.status === 404) this.lost('gone');
    else if (answer.status === 403) this.lost(proof.pin ? 'wrong' : 'locked');
    else if (answer.status === 429 && proof.pin) this.state.set('waiting');
    else this.retry(proof);
  }

  private lost(state: WallState): void {
    localStorage.removeItem(keptAs(this.token));
    this.state.set(state);
  }

  private welcome(opened: Opened): void {
    if (this.stopped) return;
    localStorage.setItem(keptAs(this.token), opened.key);
    this.opened.set(opened);
    this.dial(opened);
  }

  private dial({ ticket, key }: Opened): void {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/v1/tv/stream`);
    this.socket = socket;
    socket.onopen = () =>
      socket.send(JSON.stringify({ t: 'hello', ticket, schema: 1, topics: [this.topic] }));
    socket.onmessage = (message) => this.hear(JSON.parse(String(message.data)) as ServerFrame);
    socket.onclose = () => {
      if (socket === this.socket) this.retry({ key });
    };
    this.listen();
  }

  private hear(frame: ServerFrame): void {
    this.listen();
    if (frame.t !== 'eph') return;
    this.feed.hear(frame);
    if (this.feed.picture(this.topic)) {
      this.tries = 0;
      this.state.set('live');
    }
  }

  /** A line on which nothing comes is none. */
  private listen(): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.socket?.close(), SILENT_MS);
  }

  private retry(proof: { key?: string; pin?: string }): void {
    if (this.stopped) return;
    clearTimeout(this.again);
    clearTimeout(this.silence);
    this.state.set('away');
    const most = Math.min(MOST_MS, FIRST_MS * 2 ** this.tries);
    this.tries += 1;
    const key = proof.key ?? this.opened.get()?.key;
    this.again = setTimeout(
      () => void this.open(key ? { key } : proof),
      FIRST_MS / 2 + Math.random() * most,
    );
  }
}
