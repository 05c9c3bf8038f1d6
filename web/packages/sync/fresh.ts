// What a reset asks of a tab: fetch again, once at a time, and say where the stream goes on from.

import type { Reset } from './frames';

export interface FreshPorts {
  /** Fetch again what the reset names; resolves with the cursor to go on from. */
  fetch(reset: Reset): Promise<string | undefined>;
  /** Other screens are needed than these. */
  build(): void;
  /** Everything is being fetched: the line has to wait. */
  began(): void;
  ended(good: boolean, cursor: string | undefined): void;
  /** Many tabs do not ask in one moment (milliseconds). */
  spread(): number;
}

const AGAIN_MS = 2_000;

export class Fresh {
  busy = false;
  private stopped = false;

  constructor(private readonly ports: FreshPorts) {}

  stop(): void {
    this.stopped = true;
  }

  async run(reset: Reset): Promise<void> {
    this.stopped = false;
    if (reset.scope === 'none' || reset.reason === 'schema' || reset.reason === 'build') {
      this.ports.build();
      return;
    }
    if (reset.scope !== 'all') {
      await this.ports.fetch(reset).catch(() => undefined);
      return;
    }
    if (this.busy) return;
    this.busy = true;
    this.ports.began();
    const spread = this.ports.spread();
    if (spread > 0) await new Promise((done) => setTimeout(done, spread));
    let good = true;
    let cursor: string | undefined;
    try {
      cursor = await this.ports.fetch(reset);
    } catch {
      good = false;
    }
    this.busy = false;
    if (!this.stopped) this.ports.ended(good, cursor);
  }

  /** Tries once more, later, when this tab has no line of its own that would. */
  later(reset: Reset): void {
    setTimeout(() => {
      if (!this.stopped) void this.run(reset);
    }, AGAIN_MS);
  }
}
