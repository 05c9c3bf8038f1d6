// For the tests of tabs: a browser with one lock, tabs that are killed, frozen or hidden, and a small server.

import type { ServerFrame } from './frames';
import { Stream, type SocketLike, type StreamState } from './stream';
import { Tabs, type ChannelLike, type Locks } from './tabs';

interface Wanted {
  tab: Tab;
  run: () => Promise<void>;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** The lock of a browser: a queue, stealing, and release when a tab dies. */
export class Lock {
  held: Wanted | undefined;
  queue: Wanted[] = [];

  of(tab: Tab): Locks {
    const request = (_: string, options: LockOptions, run: () => Promise<void>): Promise<void> =>
      new Promise((resolve, reject) => {
        const wanted: Wanted = { tab, run, resolve, reject };
        options.signal?.addEventListener('abort', () => {
          if (!this.queue.includes(wanted)) return;
          this.queue = this.queue.filter((one) => one !== wanted);
          reject(new Error('aborted'));
        });
        if (options.steal && this.held) {
          const old = this.held;
          this.grant(wanted);
          if (!old.tab.dead) old.tab.later(() => old.reject(new Error('stolen')));
        } else {
          this.queue.push(wanted);
          this.next();
        }
      });
    return { request: request as unknown as Locks['request'] };
  }

  die(tab: Tab): void {
    this.queue = this.queue.filter((one) => one.tab !== tab);
    if (this.held?.tab === tab) this.free(this.held);
  }

  private grant(wanted: Wanted): void {
    this.held = wanted;
    wanted.tab.later(() => {
      void wanted.run().then(() => {
        this.free(wanted);
        wanted.resolve();
      });
    });
  }

  private free(wanted: Wanted): void {
    if (this.held !== wanted) return;
    this.held = undefined;
    this.next();
  }

  private next(): void {
    const first = this.held ? undefined : this.queue.shift();
    if (first) this.grant(first);
  }
}

/** The server: one log; a line replays what its client missed. */
export class Server {
  head = 0;
  lines = new Set<Wire>();

  write(): void {
    this.head += 1;
    for (const line of this.lines) line.tell();
  }
}

export class Wire implements SocketLike {
  readonly readyState = 1;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  topics: string[] = [];
  private at = 0;

  constructor(
    private readonly server: Server,
    private readonly tab: Tab,
  ) {
    setTimeout(() => tab.later(() => this.onopen?.(new Event('open'))), 5);
  }

  send(text: string): void {
    const frame = JSON.parse(text) as { t: string; cursor?: string; topics?: string[] };
    if (frame.t === 'hello') {
      this.at = Number(frame.cursor);
      this.server.lines.add(this);
      const now = new Date().toISOString();
      const cursor = String(this.at);
      this.frame({ t: 'welcome', cursor, grants: 'g', schema: 1, build: 'b', now, hb: 20 });
      this.tell();
    }
    if (frame.t === 'hello' || frame.t === 'sub') this.topics.push(...(frame.topics ?? []));
  }

  close(): void {
    this.server.lines.delete(this);
  }

  ping(): void {
    this.frame({ t: 'ping', n: 1 });
  }

  tell(): void {
    while (this.at < this.server.head) {
      const id = String(this.at + 1);
      const events = [{ type: 'x', op: 'upsert' as const, entity: 'row', id, v: 1 }];
      this.frame({ t: 'ev', prev: String(this.at), cursor: id, events });
      this.at += 1;
    }
  }

  private frame(frame: ServerFrame): void {
    const data = JSON.stringify(frame);
    if (!this.tab.dead) this.tab.later(() => this.onmessage?.(new MessageEvent('m', { data })));
  }
}

/** A browser: tabs that may be killed, frozen, hidden. */
export class Tab {
  dead = false;
  hidden = false;
  frozen = false;
  applied = new Set<string>();
  state: StreamState = 'idle';
  resets = 0;
  stream: Stream;
  tabs: Tabs;
  private kept: (() => void)[] = [];

  constructor(private readonly browser: Browser) {
    const channel: ChannelLike = {
      onmessage: null,
      close: () => undefined,
      postMessage: (message) => {
        if (!this.dead) browser.cast(this, message);
      },
    };
    this.channel = channel;
    this.tabs = new Tabs({ locks: browser.lock.of(this), channel, visible: () => !this.hidden });
    this.stream = new Stream(
      {
        tabs: this.tabs,
        ticket: () => Promise.resolve('t'),
        open: () => new Wire(browser.server, this),
        apply: (events) => events.forEach((event) => this.applied.add(event.id ?? '')),
        reset: () => {
          this.resets += 1;
          this.bootstrap();
          return Promise.resolve(String(browser.server.head));
        },
        time: () => undefined,
        ephemeral: () => undefined,
        build: () => undefined,
        state: (state) => (this.state = state),
      },
      { schema: 1, build: 'b' },
    );
    this.bootstrap();
    this.stream.start(String(browser.server.head), 'g');
  }

  readonly channel: ChannelLike;

  bootstrap(): void {
    for (let n = 1; n <= this.browser.server.head; n += 1) this.applied.add(String(n));
  }

  /** Runs in this tab: never when it is dead, later when it is frozen. */
  later(work: () => void): void {
    if (this.dead) return;
    if (this.frozen) this.kept.push(work);
    else queueMicrotask(() => !this.dead && work());
  }

  thaw(): void {
    this.frozen = false;
    this.kept.splice(0).forEach((work) => work());
  }

  kill(): void {
    this.dead = true;
    for (const wire of [...this.browser.server.lines]) {
      if (this.owns(wire)) this.browser.server.lines.delete(wire);
    }
    this.browser.lock.die(this);
  }

  owns(wire: Wire): boolean {
    return (wire as unknown as { tab: Tab }).tab === this;
  }
}

export class Browser {
  lock = new Lock();
  server = new Server();
  tabs: Tab[] = [];

  add(): Tab {
    const tab = new Tab(this);
    this.tabs.push(tab);
    return tab;
  }

  cast(from: Tab, message: unknown): void {
    const data = structuredClone(message);
    for (const tab of this.tabs) {
      if (tab === from || tab.dead) continue;
      tab.later(() => tab.channel.onmessage?.(new MessageEvent('m', { data })));
    }
  }

  get living(): Tab[] {
    return this.tabs.filter((tab) => !tab.dead);
  }

  /** Lines of tabs that are awake; a frozen one's is closed by the server after five seconds. */
  get lines(): number {
    return [...this.server.lines].length;
  }

  leader(): Tab | undefined {
    return this.living.find((tab) => tab.tabs.leading && !tab.frozen);
  }
}
