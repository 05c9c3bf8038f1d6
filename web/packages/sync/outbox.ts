// The outbox: what a person has sent but the server has not confirmed; one ordered lane per Case.

export type OutState = 'queued' | 'sending' | 'accepted' | 'asks' | 'refused';

/** What the server said when it did not simply take the item. */
export interface Problem {
  status: number;
  code: string;
  title: string;
  detail: string;
  facts: Record<string, unknown>;
}

export interface OutItem {
  /** Client item id: idempotency key of the request and mark of the echo. */
  cid: string;
  /** Case the item belongs to. */
  lane: string;
  kind: 'reply' | 'note';
  path: string;
  body: Record<string, unknown>;
  made_at: number;
  state: OutState;
  tries: number;
  /** Why the person is asked: a colleague was faster, or the item became old while offline. */
  asks?: 'moved_on' | 'old';
  problem?: Problem;
}

export type Verdict =
  | { kind: 'accepted' }
  | { kind: 'asks'; problem: Problem }
  | { kind: 'refused'; problem: Problem }
  | { kind: 'later'; after_ms?: number }
  | { kind: 'signed_out' };

export interface OutboxStorage {
  all(): Promise<OutItem[]>;
  put(item: OutItem): Promise<void>;
  remove(cid: string): Promise<void>;
}

export interface OutboxPorts {
  storage: OutboxStorage;
  send(item: OutItem): Promise<Verdict>;
  /** No echo came: fetch the Case again. */
  missed(item: OutItem): void;
  /** Tells the other tabs what became of an item; without it, it is gone. */
  share?(cid: string, item?: OutItem): void;
  now(): number;
  random?: () => number;
}

/** A lane that rests after a failure. */
interface Wait {
  timer: ReturnType<typeof setTimeout>;
  /** The server said how long; otherwise it is a guess, and over as soon as anything gets through. */
  told: boolean;
}

const OLD_MS = 10 * 60_000;
const ECHO_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

export class Outbox {
  private items: OutItem[] = [];
  private listeners = new Set<() => void>();
  private paused = true;
  /** One tab of a browser sends for all. */
  private leading = true;
  private busy = new Set<string>();
  private waits = new Map<string, Wait>();

  constructor(private readonly ports: OutboxPorts) {}

  /** Takes up what an earlier page left behind; an item in flight is sent again under its key. */
  async load(): Promise<void> {
    const kept = await this.ports.storage.all();
    const known = new Set(this.items.map((item) => item.cid));
    const back = kept.filter((item) => !known.has(item.cid) && item.state !== 'accepted');
    this.items = [...back, ...this.items]
      .map((item) => (item.state === 'sending' ? { ...item, state: 'queued' as const } : item))
      .sort((a, b) => a.made_at - b.made_at);
    for (const item of kept)
      if (item.state === 'accepted') await this.ports.storage.remove(item.cid);
    this.tell();
  }

  /** Keeps the item first, then tries to send it; resolves when it is kept. */
  async add(item: Omit<OutItem, 'state' | 'tries' | 'made_at'>): Promise<void> {
    const whole: OutItem = { ...item, state: 'queued', tries: 0, made_at: this.ports.now() };
    this.items = [...this.items, whole];
    this.tell();
    await this.ports.storage.put(whole);
    this.ports.share?.(whole.cid, whole);
    this.kick(item.lane);
  }

  /** This tab sends from now on, or another one does. */
  lead(on: boolean): void {
    if (this.leading === on) return;
    this.leading = on;
    if (on) void this.load().then(() => this.kickAll());
  }

  /** Another tab says what became of an item. */
  heard(cid: string, item?: OutItem): void {
    const known = this.find(cid);
    if (this.leading && (known?.state === 'sending' || known?.state === 'accepted')) {
      if (item) return; // we know better
    }
    if (!item) this.items = this.items.filter((one) => one.cid !== cid);
    else if (known) this.items = this.items.map((one) => (one.cid === cid ? item : one));
    else this.items = [...this.items, item].sort((a, b) => a.made_at - b.made_at);
    if (item?.state === 'accepted') this.expect(item);
    this.tell();
    if (item) this.kick(item.lane);
    else if (known) this.kick(known.lane);
  }

  list(): readonly OutItem[] {
    return this.items;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.hurry(() => true);
  }

  private hurry(which: (wait: Wait) => boolean): void {
    for (const [lane, wait] of [...this.waits]) {
      if (!which(wait)) continue;
      clearTimeout(wait.timer);
      this.waits.delete(lane);
    }
    this.kickAll();
  }

  /** The stream brought the message back: nothing is left to do. */
  async echo(cid: string): Promise<void> {
    if (!this.find(cid)) return;
    await this.remove(cid, false); // every tab hears it
  }

  /** Sends an item again after a refusal or a question, perhaps with another body. */
  async again(cid: string, change: Record<string, unknown> = {}): Promise<void> {
    const item = this.find(cid);
    if (!item || item.state === 'sending') return;
    const body = { ...item.body, ...change };
    await this.save({
      ...item,
      body,
      state: 'queued',
      asks: undefined,
      problem: undefined,
      made_at: this.ports.now(),
    });
    this.kick(item.lane);
  }

  /** Takes the item out; its text goes back to whoever asks. */
  async discard(cid: string): Promise<OutItem | undefined> {
    const item = this.find(cid);
    if (item) await this.remove(cid, true);
    return item;
  }

  private find(cid: string): OutItem | undefined {
    return this.items.find((item) => item.cid === cid);
  }

  private old(item: OutItem): boolean {
    return this.ports.now() - item.made_at > OLD_MS;
  }

  private kickAll(): void {
    for (const lane of new Set(this.items.map((item) => item.lane))) this.kick(lane);
  }

  private kick(lane: string): void {
    if (!this.leading || this.paused || this.busy.has(lane) || this.waits.has(lane)) return;
    const head = this.items.find((item) => item.lane === lane && item.state !== 'accepted');
    if (!head || head.state !== 'queued') return;
    if (this.old(head)) {
      void this.save({ ...head, state: 'asks', asks: 'old' });
      return;
    }
    this.busy.add(lane);
    void this.attempt(head).finally(() => {
      this.busy.delete(lane);
      this.kick(lane);
    });
  }

  private async attempt(head: OutItem): Promise<void> {
    await this.save({ ...head, state: 'sending' });
    if (this.old(head)) {
      // the disk, or the sleep of this machine, took its time: it is the moment of leaving that counts
      await this.save({ ...head, state: 'asks', asks: 'old' });
      return;
    }
    // whatever went wrong: it is sent again under its key, never left standing
    const verdict = await this.ports.send(head).catch((): Verdict => ({ kind: 'later' }));
    const item = this.find(head.cid);
    if (!item) return; // the echo was faster than the answer
    if (!this.leading && verdict.kind !== 'accepted') return; // another tab sends it again
    switch (verdict.kind) {
      case 'accepted':
        await this.accepted(item);
        if (this.waits.size > 0) this.hurry((wait) => !wait.told); // the line is good again
        break;
      case 'asks':
        await this.save({ ...item, state: 'asks', asks: 'moved_on', problem: verdict.problem });
        break;
      case 'refused':
        await this.save({ ...item, state: 'refused', problem: verdict.problem });
        break;
      case 'signed_out':
        this.pause();
        await this.save({ ...item, state: 'queued' });
        break;
      case 'later':
        await this.save({ ...item, state: 'queued', tries: item.tries + 1 });
        this.wait(item, verdict.after_ms);
        break;
    }
  }

  private async accepted(item: OutItem): Promise<void> {
    await this.save({ ...item, state: 'accepted' });
    this.expect(item);
  }

  private expect(item: OutItem): void {
    setTimeout(() => {
      if (!this.find(item.cid)) return;
      if (this.leading) this.ports.missed(item);
      else this.heard(item.cid); // the leading tab sees to it
    }, ECHO_MS);
  }

  private wait(item: OutItem, after?: number): void {
    const ceiling = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** item.tries);
    const jitter = 0.5 + (this.ports.random ?? Math.random)() / 2;
    const timer = setTimeout(
      () => {
        this.waits.delete(item.lane);
        this.kick(item.lane);
      },
      after ?? ceiling * jitter,
    );
    this.waits.set(item.lane, { timer, told: after !== undefined });
  }

  private async save(item: OutItem): Promise<void> {
    this.items = this.items.map((known) => (known.cid === item.cid ? item : known));
    this.tell();
    await this.ports.storage.put(item);
    this.ports.share?.(item.cid, item);
  }

  private async remove(cid: string, told: boolean): Promise<void> {
    const item = this.find(cid);
    this.items = this.items.filter((known) => known.cid !== cid);
    this.tell();
    await this.ports.storage.remove(cid);
    if (told) this.ports.share?.(cid);
    if (item) this.kick(item.lane);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
