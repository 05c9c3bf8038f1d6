// How old news are when they are painted: the oldest of the last five seconds is told to the server.

import { onFrame } from './entities';
import type { StreamEvent } from './frames';

const TELL_MS = 5_000;

export class Age {
  private worst = 0;
  private telling: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly now: (() => number) | undefined,
    private readonly tell: (age_ms: number) => void,
  ) {}

  /** These were just applied; a page that is not seen paints nothing and tells nothing. */
  grow(events: readonly StreamEvent[]): void {
    const { now } = this;
    if (!now || typeof document === 'undefined' || document.hidden) return;
    const at = Date.parse(events[0]?.at ?? '');
    if (Number.isNaN(at)) return;
    onFrame(() => {
      this.worst = Math.max(this.worst, Math.round(now() - at));
      this.telling ??= setTimeout(() => this.flush(), TELL_MS);
    });
  }

  stop(): void {
    clearTimeout(this.telling);
    this.telling = undefined;
    this.worst = 0;
  }

  private flush(): void {
    this.telling = undefined;
    const age_ms = this.worst;
    this.worst = 0;
    this.tell(age_ms);
  }
}
