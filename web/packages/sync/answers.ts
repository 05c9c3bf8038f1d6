// The read cache: what the server last answered, kept on this machine to be read without a line.

import type { Shelf } from './shelf';

export interface Kept {
  address: string;
  at: number;
  body: unknown;
}

const MOST = 300;
const READABLE =
  /^\/v1\/(?:bootstrap|cases|counters|views|tags|snippets|macros|me\/settings|customers\/[^/?]+|notices)(?:[/?]|$)/;
const NEVER = /\/(?:content|source|html|why|events)(?:[/?]|$)/;

export class Answers {
  /** Something was answered from here since the line was last there. */
  used = false;
  private known = new Map<string, number>();
  private ready: Promise<void> | undefined;

  constructor(
    private readonly shelf: Shelf<Kept>,
    /** Only without a line: a server that is there is asked. */
    private readonly without: () => boolean,
    private readonly now: () => number = () => Date.now(),
  ) {}

  async keep(address: string, body: unknown): Promise<void> {
    if (!READABLE.test(address) || NEVER.test(address)) return;
    await this.load();
    const at = this.now();
    this.known.delete(address);
    this.known.set(address, at);
    await this.shelf.put(address, { address, at, body });
    for (const old of this.known.keys()) {
      if (this.known.size <= MOST) break;
      this.known.delete(old);
      await this.shelf.remove(old);
    }
  }

  async find(address: string): Promise<{ body: unknown } | undefined> {
    if (!this.without()) return undefined;
    const kept = await this.shelf.get(address).catch(() => undefined);
    if (kept) this.used = true;
    return kept;
  }

  async all(): Promise<Kept[]> {
    return this.shelf.all().catch(() => []);
  }

  /** Changes a kept answer; undefined as its new body lets go of it. */
  async change(address: string, change: (body: unknown) => unknown): Promise<void> {
    await this.load();
    if (!this.known.has(address)) return;
    const kept = await this.shelf.get(address);
    if (!kept) return;
    const body = change(kept.body);
    if (body !== undefined) await this.shelf.put(address, { ...kept, body });
    else {
      this.known.delete(address);
      await this.shelf.remove(address);
    }
  }

  private load(): Promise<void> {
    this.ready ??= this.shelf.all().then((all) => {
      for (const { address, at } of all.sort((a, b) => a.at - b.at)) this.known.set(address, at);
    });
    return this.ready;
  }
}
