// The stream of one tab: the gap rule, resume and reset; frames come from its own line or from the tab that leads.

import { Age } from './age';
import { compareCursors } from './cursor';
import type { ClientFrame, Place, Reset, ServerFrame, Welcome } from './frames';
import { Fresh } from './fresh';
import { Line, type StreamState } from './line';
import type { StreamPorts } from './ports';
import { Ring, type Step } from './ring';
import type { Tabs, Told } from './tabs';
import { Topics } from './topics';

export type { StreamState } from './line';
export type { SocketLike } from './wires';
export type { StreamPorts } from './ports';

const ALL: Reset = { scope: 'all', reason: 'new' };
const ASK_MS = 2_000;
const OUTDATED_MS = 60_000;
const SPREAD_MS = 400;

export class Stream {
  state: StreamState = 'idle';
  cursor: string | undefined;
  grants: string | undefined;
  private readonly line: Line;
  private readonly ring = new Ring();
  private readonly topics: Topics;
  private readonly tabs: Tabs | undefined;
  private leading = false;
  private readonly fresh: Fresh;
  private asked = 0;
  private readonly age: Age;

  constructor(
    private readonly ports: StreamPorts,
    private readonly about: { schema: number; build: string },
  ) {
    this.tabs = ports.tabs;
    this.topics = new Topics({
      leading: () => this.leading,
      live: () => this.leading && this.line.state === 'live',
      send: (frame) => this.line.send(frame),
      say: (frame) => this.send(frame),
      tell: (topics) => this.tabs?.post('topics', { topics }),
    });
    this.fresh = this.makeFresh();
    this.line = new Line({
      ...ports,
      place: () => this.place(),
      hear: (frame) => this.hear(frame),
      state: (state) => this.lineMoved(state),
    });
    this.age = new Age(ports.now, (age_ms) => {
      if (this.leading && this.state === 'live' && this.cursor)
        this.line.send({ t: 'ack', cursor: this.cursor, age_ms });
    });
    this.tabs?.hear((told) => this.told(told));
  }

  start(cursor: string, grants: string): void {
    this.cursor = cursor;
    this.grants = grants;
    if (!this.tabs) this.lead(true);
    else if (this.leading) this.begin();
    else {
      this.move('connecting');
      this.tabs.start((on) => this.lead(on));
      this.tabs.post('new');
      this.tabs.seen();
      this.topics.plan();
    }
  }

  stop(): void {
    if (this.tabs) this.tabs.close();
    this.leading = false;
    this.age.stop();
    this.topics.stop();
    this.fresh.stop();
    this.line.stop();
    this.move('idle');
  }

  /** Tries at once: the line is back, the page is seen again. */
  wake(): void {
    if (this.leading) this.line.wake();
    else this.tabs?.post('wake');
    const seen = typeof document === 'undefined' || document.visibilityState === 'visible';
    if (seen) this.tabs?.seen();
  }

  /** Cuts the line and tries nothing for so many milliseconds. */
  dropFor(ms: number): void {
    if (this.leading) this.line.dropFor(ms);
    else this.tabs?.post('drop', { ms });
  }

  /** The page is not seen any more (a tab that is may lead), or it is about to be frozen. */
  rest(frozen = false): void {
    this.tabs?.[frozen ? 'rest' : 'unseen']();
  }

  join = (topic: string): (() => void) => this.topics.join(topic);

  say(topic: string, kind: string, data: unknown = {}): void {
    this.topics.say({ t: 'eph', topic, kind, data }, this.state === 'live');
  }

  /** Tells the server that these Offer cards are painted. */
  shown(offers: readonly string[]): void {
    if (this.state === 'live' && this.cursor) {
      this.send({ t: 'ack', cursor: this.cursor, offers: [...offers] });
    }
  }

  private send(frame: ClientFrame): void {
    if (this.leading) this.line.send(frame);
    else this.tabs?.post('say', { frame });
  }

  private place(): Place {
    const cursor = this.cursor || undefined;
    return { ...this.about, cursor, grants: this.grants, topics: this.topics.greeting() };
  }

  // ── leading ─────────────────────────────────────────────────────────────────────────────────────

  private lead(on: boolean): void {
    this.leading = on;
    this.ports.leads?.(on);
    if (on) this.begin();
    else if (this.line.state !== 'idle') this.line.stop();
    if (on) this.topics.census(() => this.tabs?.post('census'));
  }

  private begin(): void {
    if (this.fresh.busy) this.line.hold();
    else if (this.cursor) this.line.start();
    else void this.fresh.run(ALL);
  }

  private lineMoved(state: StreamState): void {
    if (!this.leading && state === 'idle') return; // another tab says how it is
    this.move(state);
    this.tabs?.post('state', { state, cursor: this.cursor });
    if (state === 'live') this.topics.opened(this.line.toldTopics);
  }

  /** A frame of our own line: the chain must be whole. */
  private hear(frame: ServerFrame): void {
    switch (frame.t) {
      case 'welcome':
        this.welcome(frame);
        this.pass(frame);
        if (!this.cursor) void this.fresh.run(ALL); // what came before the line is missing
        break;
      case 'ev':
      case 'hb':
        if (frame.prev !== this.cursor) this.line.gap();
        else {
          this.line.settled();
          this.pass(frame);
          this.step(frame);
        }
        break;
      case 'reset':
        this.pass(frame);
        void this.fresh.run(frame);
        if (frame.reason === 'schema') this.line.later(OUTDATED_MS);
        break;
      case 'early':
      case 'eph':
      case 'ping':
        this.pass(frame);
        this.take(frame);
        break;
      case 'bye':
        break;
    }
  }

  private pass(frame: ServerFrame): void {
    this.tabs?.post('frame', { frame });
  }

  private welcome(frame: Welcome): void {
    this.grants = frame.grants;
    this.ports.time(frame.now);
    this.ports.build(frame.build);
  }

  private take(frame: ServerFrame): void {
    if (frame.t === 'early') this.ports.apply(frame.events);
    else if (frame.t === 'eph') this.ports.ephemeral(frame);
  }

  private step(frame: Step): void {
    if (frame.t === 'hb') this.ports.time(frame.now);
    else {
      this.ports.apply(frame.events);
      if (this.leading) this.age.grow(frame.events);
    }
    this.cursor = frame.cursor;
    this.ring.push(frame);
  }

  // ── following ───────────────────────────────────────────────────────────────────────────────────

  private told(told: Told): void {
    if (this.leading) this.toldLeader(told);
    else this.toldFollower(told);
  }

  private toldLeader(told: Told): void {
    if (told.t === 'new') this.tabs?.post('state', { state: this.line.state, cursor: this.cursor });
    else if (told.t === 'ask') {
      const steps = this.ring.since(String(told.cursor));
      this.tabs?.post('since', { to: told.from, steps, known: steps !== undefined });
    } else if (told.t === 'say') this.topics.pass(told.frame as ClientFrame);
    else if (told.t === 'topics') this.topics.ofTab(told.from, told.topics as string[]);
    else if (told.t === 'left') this.topics.ofTab(told.from, []);
    else if (told.t === 'wake') this.line.wake();
    else if (told.t === 'drop') this.line.dropFor(Number(told.ms));
  }

  private toldFollower(told: Told): void {
    if (this.state === 'idle') return;
    if (told.t === 'state') this.mirror(told.state as StreamState, told.cursor as string);
    else if (told.t === 'frame') this.follow(told.frame as ServerFrame);
    else if (told.t === 'since') this.catchUp(told);
    else if (told.t === 'census' || told.t === 'here') this.topics.plan();
  }

  private mirror(state: StreamState, cursor: string | undefined): void {
    this.move(state === 'idle' ? 'connecting' : state);
    const behind = cursor && this.cursor && compareCursors(cursor, this.cursor) > 0;
    if (state === 'live' && behind) this.ask();
  }

  private follow(frame: ServerFrame): void {
    if (this.state === 'connecting' || this.state === 'waiting') this.move('live');
    if (frame.t === 'welcome') this.welcome(frame);
    else if (frame.t === 'ev' || frame.t === 'hb') this.fit(frame);
    else if (frame.t === 'reset') void this.fresh.run(frame);
    else this.take(frame);
  }

  /** A frame of the leader's chain: known already, next to ours, overlapping it, or behind a gap. */
  private fit(frame: Step): void {
    if (this.fresh.busy || !this.cursor) return;
    if (compareCursors(frame.cursor, this.cursor) <= 0) return;
    if (compareCursors(frame.prev, this.cursor) > 0) this.ask();
    else this.step(frame);
  }

  private ask(): void {
    const now = Date.now();
    if (this.fresh.busy || now - this.asked < ASK_MS) return;
    this.asked = now;
    this.tabs?.post('ask', { cursor: this.cursor });
  }

  private catchUp(told: Told): void {
    this.asked = 0;
    if (!told.known) void this.fresh.run({ scope: 'all', reason: 'gap' });
    else for (const step of told.steps as Step[]) this.fit(step);
  }

  // ── fetching afresh ─────────────────────────────────────────────────────────────────────────────

  private makeFresh(): Fresh {
    return new Fresh({
      fetch: (reset) => this.ports.reset(reset),
      build: () => this.ports.build(''),
      began: () => {
        this.ring.clear();
        if (this.leading) this.line.hold();
      },
      ended: (good, cursor) => this.refreshed(good, cursor),
      spread: () => (this.leading ? 0 : (this.ports.random ?? Math.random)() * SPREAD_MS),
    });
  }

  private refreshed(good: boolean, cursor: string | undefined): void {
    if (good) this.cursor = cursor ?? this.cursor;
    if (this.leading) {
      if (good) this.line.start();
      else this.line.later();
    } else if (good) this.tabs?.post('new');
    else this.fresh.later(ALL);
  }

  private move(state: StreamState): void {
    if (this.state === state) return;
    this.state = state;
    this.ports.state(state);
    if (state === 'live') queueMicrotask(() => this.topics.sayLate());
  }
}
