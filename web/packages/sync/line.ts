// The line of a leading tab: one connection at a time, silence noticed, endless patient retries.

import { Choice, type Memory } from './choice';
import type { ClientFrame, Place, ServerFrame } from './frames';
import {
  pollWire,
  socketWire,
  sseWire,
  type Ends,
  type PlainPorts,
  type SocketLike,
  type Wire,
} from './wires';

/** idle: not started · live: in step · waiting: between tries · ended: signed out · replaced: another screen took over */
export type StreamState = 'idle' | 'connecting' | 'live' | 'waiting' | 'ended' | 'replaced';

export interface LinePorts {
  /** A single-use ticket; null means the session has ended. Throws when the server is not there. */
  ticket(): Promise<string | null>;
  open(): SocketLike;
  /** Without it only WebSockets are tried. */
  plain?: PlainPorts;
  memory?: Memory;
  place(): Place;
  hear(frame: ServerFrame): void;
  state(state: StreamState): void;
  random?: () => number;
}

const SILENT_MS = 45_000;
const SILENT_WITH_PINGS_MS = 10_000;
const WELCOME_MS = 15_000;
const SUSPECT_MS = 25_000;
const SUSPECT_WITH_PINGS_MS = 4_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
const BAD_FRAME = 4400;
const ENDED = 4401;
const REFUSED = 4403;
const REPLACED = 4009;
const FLOOD = 4029;

export class Line {
  state: StreamState = 'idle';
  /** True when the server knows the topics of the hello. */
  toldTopics = false;
  private wire: Wire | undefined;
  private tries = 0;
  private refusals = 0;
  private pings = false;
  private welcomed = false;
  private heardAt = 0;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private delay: number | undefined;
  private generation = 0;
  private cutUntil = 0;
  private readonly choice: Choice;

  constructor(private readonly ports: LinePorts) {
    this.choice = new Choice(ports.memory);
  }

  start(): void {
    this.tries = 0;
    void this.connect();
  }

  stop(): void {
    this.drop();
    this.move('idle');
  }

  /** Waits for somebody (a fetch of everything) before the next start. */
  hold(): void {
    this.drop();
    this.move('connecting');
  }

  /** Tries at once: the line is back, the page is seen again; a line long silent is not believed. */
  wake(): void {
    const limit = this.pings ? SUSPECT_WITH_PINGS_MS : SUSPECT_MS;
    const silent = this.state === 'live' && Date.now() - this.heardAt > limit;
    if ((this.state !== 'waiting' && !silent) || Date.now() < this.cutUntil) return;
    this.tries = 0;
    void this.connect();
  }

  /** The frames do not fit together: a new connection, at once the first time. */
  gap(): void {
    if (this.tries > 0) {
      this.drop();
      this.later();
      return;
    }
    this.tries = 1;
    void this.connect();
  }

  /** A frame fitted: the next trouble is a first one. */
  settled(): void {
    this.tries = 0;
  }

  /** Tries again later, with a pause that grows. */
  later(fixed?: number): void {
    this.drop();
    const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.tries);
    const jitter = (this.ports.random ?? Math.random)();
    const wait = fixed ?? this.delay ?? Math.max(100, jitter * ceiling);
    this.delay = undefined;
    this.tries = Math.min(this.tries + 1, 16);
    this.move('waiting');
    this.retry = setTimeout(() => void this.connect(), wait);
  }

  dropFor(ms: number): void {
    this.cutUntil = Date.now() + ms;
    this.later(ms);
  }

  send(frame: ClientFrame): void {
    this.wire?.send(frame);
  }

  end(): void {
    this.drop();
    this.move('ended');
  }

  private async connect(): Promise<void> {
    this.drop();
    const mine = this.generation;
    this.move('connecting');
    this.listen();
    const plain = this.choice.kind === 'socket' ? undefined : this.ports.plain;
    if (plain) {
      const make = this.choice.kind === 'sse' ? sseWire : pollWire;
      this.wire = make(plain, this.ports.place(), this.ends(mine));
      return;
    }
    let ticket: string | null;
    try {
      ticket = await this.ports.ticket();
    } catch {
      if (mine === this.generation) this.later();
      return;
    }
    if (mine !== this.generation) return;
    if (ticket === null) this.end();
    else this.wire = socketWire(this.ports.open(), ticket, this.ports.place(), this.ends(mine));
  }

  private ends(mine: number): Ends {
    return {
      frame: (frame) => {
        if (mine === this.generation) this.hear(frame);
      },
      closed: (code) => {
        if (mine === this.generation) this.closed(code);
      },
    };
  }

  private hear(frame: ServerFrame): void {
    this.heardAt = Date.now();
    if (frame.t === 'welcome') this.welcomed = true;
    this.listen();
    if (frame.t === 'welcome') {
      this.refusals = 0;
      this.toldTopics = this.wire?.topics ?? false;
      this.choice.worked();
      const { generation } = this;
      this.ports.hear(frame);
      if (generation === this.generation) this.move('live');
      return;
    }
    if (frame.t === 'ping') {
      this.pings = true;
      this.send({ t: 'pong', n: frame.n });
    }
    if (frame.t === 'bye') this.delay = frame.retry_after_ms;
    this.ports.hear(frame);
  }

  private closed(code: number): void {
    const unheard = !this.welcomed && code < 4000 && this.delay === undefined;
    if (unheard && this.ports.plain) this.choice.failed();
    if (code === ENDED) this.end();
    else if (code === REPLACED) {
      this.drop();
      this.move('replaced');
    } else if (code === REFUSED && this.refusals === 0) {
      this.refusals += 1;
      void this.connect(); // a new ticket, once
    } else if (code === REFUSED || code === FLOOD) this.later(LAST_RETRY_MS);
    else {
      if (code === BAD_FRAME) console.error('the server did not understand a frame');
      this.later();
    }
  }

  private listen(): void {
    if (this.silence) clearTimeout(this.silence);
    const live = this.pings ? SILENT_WITH_PINGS_MS : SILENT_MS;
    this.silence = setTimeout(() => this.silent(), this.welcomed ? live : WELCOME_MS);
  }

  private silent(): void {
    if (!this.welcomed && this.wire && this.ports.plain) this.choice.failed();
    this.later();
  }

  private drop(): void {
    this.generation += 1;
    this.pings = false;
    this.welcomed = false;
    if (this.silence) clearTimeout(this.silence);
    if (this.retry) clearTimeout(this.retry);
    const old = this.wire;
    this.wire = undefined;
    old?.close();
  }

  private move(state: StreamState): void {
    if (this.state === state) return;
    this.state = state;
    this.ports.state(state);
  }
}
