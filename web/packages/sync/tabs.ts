// The tabs of one person in one browser: one of them leads, all hear each other.

export interface ChannelLike {
  postMessage(message: unknown): void;
  onmessage: ((event: MessageEvent) => void) | null;
  close(): void;
}

export type Locks = Pick<LockManager, 'request'>;

export interface TabsPorts {
  locks: Locks;
  channel: ChannelLike;
  visible(): boolean;
  now?: () => number;
}

/** Who says something, and what; `to` names the only tab it is meant for. */
export interface Told {
  t: string;
  from: string;
  to?: string;
  [fact: string]: unknown;
}

const LOCK = 'polyphony-stream';
const LOOK_MS = 1_000;
/** So long nothing may be heard of the leader before it is asked whether it is there. */
const QUIET_MS = 2_000;
const ANSWER_MS = 3_000;
/** A leader that gave way leads again when nobody has taken the lead by then. */
const TAKEN_MS = 2_000;

export class Tabs {
  readonly id = crypto.randomUUID();
  leading = false;
  private readonly listeners = new Set<(told: Told) => void>();
  private leads: (on: boolean) => void = () => undefined;
  private waiting: AbortController | undefined;
  private release: (() => void) | undefined;
  private looking: ReturnType<typeof setInterval> | undefined;
  private giving: ReturnType<typeof setTimeout> | undefined;
  private heardAt = 0;
  private askedAt: number | undefined;
  private stopped = true;

  constructor(private readonly ports: TabsPorts) {
    ports.channel.onmessage = (event) => this.heard(event.data as Told);
  }

  /** Queues for the lead; `leads` hears when this tab has it and when it has lost it. */
  start(leads: (on: boolean) => void): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.leads = leads;
    this.heardAt = this.now();
    this.queue(false);
    this.looking = setInterval(() => this.look(), LOOK_MS);
  }

  /** Leaves: whoever waits leads next. */
  stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    clearInterval(this.looking);
    clearTimeout(this.giving);
    this.post('left');
    this.lead(false);
    this.waiting?.abort();
    this.release?.();
    this.release = undefined;
  }

  close(): void {
    this.stop();
    this.ports.channel.close();
  }

  post(t: string, facts: Record<string, unknown> = {}): void {
    try {
      this.ports.channel.postMessage({ ...facts, t, from: this.id });
    } catch {
      // a channel that is closed already: nobody listens
    }
  }

  hear(listener: (told: Told) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** This page is seen: a hidden leader gives way. */
  seen(): void {
    if (!this.stopped && !this.leading) this.post('give_way');
  }

  /** This page is not seen any more: one that is may have the lead. */
  unseen(): void {
    if (this.leading) this.post('unseen');
  }

  /** This page will stand still: whoever waits leads. */
  rest(): void {
    if (!this.leading) return;
    this.lead(false);
    this.release?.();
    this.release = undefined;
    this.queue(false);
  }

  private now(): number {
    return (this.ports.now ?? Date.now)();
  }

  private heard(told: Told): void {
    if (told.to !== undefined && told.to !== this.id) return;
    if (told.t === 'here' || told.t === 'frame') {
      this.heardAt = this.now();
      this.askedAt = undefined;
    } else if (this.leading && told.t === 'who') this.post('here', { to: told.from });
    else if (this.leading && told.t === 'give_way') this.giveWay(told.from);
    else if (told.t === 'unseen' && this.ports.visible()) this.seen();
    else if (told.t === 'yours') this.steal();
    for (const listener of this.listeners) listener(told);
  }

  private giveWay(to: string): void {
    if (this.ports.visible()) return;
    this.lead(false);
    this.post('yours', { to });
    clearTimeout(this.giving);
    this.giving = setTimeout(() => {
      if (this.release) this.lead(true);
    }, TAKEN_MS);
  }

  /** Looks after the leader; a hidden tab's timers are slow, so a visible one is quicker. */
  private look(): void {
    if (this.leading || this.release) return;
    const now = this.now();
    if (now - this.heardAt < QUIET_MS) return;
    if (this.askedAt === undefined) {
      this.askedAt = now;
      this.post('who');
    } else if (now - this.askedAt >= ANSWER_MS) {
      this.askedAt = undefined;
      this.heardAt = now;
      this.steal();
    }
  }

  private steal(): void {
    if (this.stopped || this.release) return;
    this.waiting?.abort();
    this.queue(true);
  }

  private queue(steal: boolean): void {
    const waiting = new AbortController();
    this.waiting = waiting;
    const options: LockOptions = steal ? { steal: true } : { signal: waiting.signal };
    const held = this.ports.locks.request(LOCK, options, () => this.hold());
    held.catch(() => {
      if (waiting.signal.aborted) return; // we left the queue ourselves
      // another tab took the lock from us: whatever we did as the leader ends now
      this.release = undefined;
      this.lead(false);
      this.heardAt = this.now();
      if (!this.stopped) this.queue(false);
    });
  }

  private hold(): Promise<void> {
    return new Promise((resolve) => {
      if (this.stopped) {
        resolve();
        return;
      }
      this.release = resolve;
      this.lead(true);
    });
  }

  private lead(on: boolean): void {
    if (on) clearTimeout(this.giving);
    if (this.leading === on) return;
    this.leading = on;
    if (on) this.post('here');
    this.leads(on);
  }
}

/** The tabs of this browser, where it can tell them apart; undefined where each stands alone. */
export function tabsOf(person: string): Tabs | undefined {
  const able = typeof BroadcastChannel === 'function' && typeof navigator !== 'undefined';
  if (!able || !('locks' in navigator)) return undefined;
  return new Tabs({
    locks: navigator.locks,
    channel: new BroadcastChannel(`polyphony-stream-${person}`),
    visible: () => document.visibilityState === 'visible',
  });
}
