// The stream client: one socket, the gap rule, resume, reset, heartbeat and endless patient retries.

import type { ClientFrame, Ephemeral, Reset, ServerFrame, StreamEvent } from './frames';

export interface SocketLike {
  send(text: string): void;
  close(code?: number): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
}

/** idle: not started · live: in step · waiting: between tries · ended: signed out · replaced: another tab took over */
export type StreamState = 'idle' | 'connecting' | 'live' | 'waiting' | 'ended' | 'replaced';

export interface StreamPorts {
  /** A single-use ticket; null means the session has ended. Throws when the server is not there. */
  ticket(): Promise<string | null>;
  open(): SocketLike;
  apply(events: readonly StreamEvent[]): void;
  /** Fetch again what the reset names; resolves with the cursor to go on from. */
  reset(reset: Reset): Promise<string | undefined>;
  time(serverNow: string): void;
  ephemeral(frame: Ephemeral): void;
  build(build: string): void;
  state(state: StreamState): void;
  random?: () => number;
}

const SILENT_MS = 45_000;
const SILENT_WITH_PINGS_MS = 10_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
const ENDED = 4401;
const REPLACED = 4009;
const FLOOD = 4029;

export class Stream {
  state: StreamState = 'idle';
  cursor: string | undefined;
  grants: string | undefined;
  private socket: SocketLike | undefined;
  private topics = new Map<string, number>();
  private tries = 0;
  private pings = false;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private delay: number | undefined;
  private generation = 0;

  constructor(
    private readonly ports: StreamPorts,
    private readonly about: { schema: number; build: string },
  ) {}

  start(cursor: string, grants: string): void {
    this.cursor = cursor;
    this.grants = grants;
    this.tries = 0;
    void this.connect();
  }

  stop(): void {
    this.drop();
    this.move('idle');
  }

  /** Tries at once: the line is back, the page is seen again. */
  wake(): void {
    if (this.state !== 'waiting') return;
    this.tries = 0;
    void this.connect();
  }

  /** Joins an ephemeral topic; joined twice it must be left twice. */
  join(topic: string): () => void {
    const count = this.topics.get(topic) ?? 0;
    this.topics.set(topic, count + 1);
    if (count === 0 && this.state === 'live') this.send({ t: 'sub', topics: [topic] });
    return () => this.leave(topic);
  }

  say(topic: string, kind: string, data: unknown = {}): void {
    if (this.state === 'live') this.send({ t: 'eph', topic, kind, data });
  }

  /** Tells the server that these Offer cards are painted. */
  shown(offers: readonly string[]): void {
    if (this.state === 'live' && this.cursor) {
      this.send({ t: 'ack', cursor: this.cursor, offers: [...offers] });
    }
  }

  private leave(topic: string): void {
    const count = (this.topics.get(topic) ?? 1) - 1;
    if (count > 0) {
      this.topics.set(topic, count);
      return;
    }
    this.topics.delete(topic);
    if (this.state === 'live') this.send({ t: 'unsub', topics: [topic] });
  }

  private async connect(): Promise<void> {
    this.drop();
    const mine = this.generation;
    this.move('connecting');
    let ticket: string | null;
    try {
      ticket = await this.ports.ticket();
    } catch {
      if (mine === this.generation) this.later();
      return;
    }
    if (mine !== this.generation) return;
    if (ticket === null) {
      this.move('ended');
      return;
    }
    this.attach(this.ports.open(), ticket, mine);
  }

  private attach(socket: SocketLike, ticket: string, mine: number): void {
    this.socket = socket;
    this.listen();
    socket.onopen = () => {
      this.send({
        t: 'hello',
        ticket,
        cursor: this.cursor,
        grants: this.grants,
        schema: this.about.schema,
        build: this.about.build,
        topics: [...this.topics.keys()],
      });
    };
    socket.onmessage = (event) => {
      if (mine !== this.generation || typeof event.data !== 'string') return;
      this.listen();
      this.hear(JSON.parse(event.data) as ServerFrame);
    };
    socket.onerror = null;
    socket.onclose = (event) => {
      if (mine === this.generation) this.closed(event.code);
    };
  }

  private hear(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        this.welcome(frame);
        break;
      case 'ev':
        if (this.inStep(frame.prev)) {
          this.ports.apply(frame.events);
          this.cursor = frame.cursor;
        }
        break;
      case 'early':
        this.ports.apply(frame.events);
        break;
      case 'hb':
        this.ports.time(frame.now);
        if (this.inStep(frame.prev)) this.cursor = frame.cursor;
        break;
      case 'ping':
        this.pings = true;
        this.send({ t: 'pong', n: frame.n });
        break;
      case 'reset':
        void this.reset(frame);
        break;
      case 'eph':
        this.ports.ephemeral(frame);
        break;
      case 'bye':
        this.delay = frame.retry_after_ms;
        break;
    }
  }

  private welcome(frame: Extract<ServerFrame, { t: 'welcome' }>): void {
    this.grants = frame.grants;
    this.cursor ??= frame.cursor;
    this.ports.time(frame.now);
    this.ports.build(frame.build);
    this.move('live');
  }

  /** The gap rule: a frame that does not start where we stand is dropped and the line made anew. */
  private inStep(prev: string): boolean {
    if (prev === this.cursor) {
      this.tries = 0;
      return true;
    }
    if (this.tries > 0) {
      this.drop();
      this.later();
    } else {
      this.tries = 1;
      void this.connect();
    }
    return false;
  }

  private async reset(reset: Reset): Promise<void> {
    if (reset.scope === 'none') return;
    const whole = reset.scope === 'all';
    if (whole) {
      this.drop();
      this.move('connecting');
    }
    const mine = this.generation;
    try {
      const cursor = await this.ports.reset(reset);
      if (!whole || mine !== this.generation) return;
      this.cursor = cursor ?? this.cursor;
      void this.connect();
    } catch {
      if (whole && mine === this.generation) this.later();
    }
  }

  private closed(code: number): void {
    this.drop();
    if (code === ENDED) this.move('ended');
    else if (code === REPLACED) this.move('replaced');
    else this.later(code === FLOOD ? LAST_RETRY_MS : undefined);
  }

  private later(fixed?: number): void {
    const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.tries);
    const jitter = (this.ports.random ?? Math.random)();
    const wait = fixed ?? this.delay ?? Math.max(100, jitter * ceiling);
    this.delay = undefined;
    this.tries = Math.min(this.tries + 1, 16);
    this.move('waiting');
    this.retry = setTimeout(() => void this.connect(), wait);
  }

  private listen(): void {
    if (this.silence) clearTimeout(this.silence);
    const limit = this.pings ? SILENT_WITH_PINGS_MS : SILENT_MS;
    this.silence = setTimeout(() => {
      this.drop();
      this.later();
    }, limit);
  }

  private drop(): void {
    this.generation += 1;
    this.pings = false;
    if (this.silence) clearTimeout(this.silence);
    if (this.retry) clearTimeout(this.retry);
    const old = this.socket;
    this.socket = undefined;
    old?.close();
  }

  private send(frame: ClientFrame): void {
    try {
      this.socket?.send(JSON.stringify(frame));
    } catch {
      // a socket that is just closing: its close handler makes the next try
    }
  }

  private move(state: StreamState): void {
    if (this.state === state) return;
    this.state = state;
    this.ports.state(state);
  }
}
