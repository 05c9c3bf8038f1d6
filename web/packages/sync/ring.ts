// The last frames of the stream, one unbroken chain: what a tab that fell behind is given.

import { compareCursors } from './cursor';
import type { ServerFrame } from './frames';

/** Frames that move the cursor. */
export type Step = Extract<ServerFrame, { t: 'ev' | 'hb' }>;

const FRAMES = 500;
const EVENTS = 20_000;

const weight = (step: Step): number => (step.t === 'ev' ? step.events.length : 0);

export class Ring {
  private steps: Step[] = [];
  private events = 0;

  push(step: Step): void {
    const last = this.steps[this.steps.length - 1];
    if (last && last.cursor !== step.prev) this.clear();
    else if (last?.t === 'hb' && step.t === 'hb') {
      this.steps[this.steps.length - 1] = { ...step, prev: last.prev };
      return;
    }
    this.steps.push(step);
    this.events += weight(step);
    while (this.steps.length > FRAMES || (this.events > EVENTS && this.steps.length > 1)) {
      const first = this.steps.shift();
      if (first) this.events -= weight(first);
    }
  }

  clear(): void {
    this.steps = [];
    this.events = 0;
  }

  /** What came behind a place; undefined when that reaches further back than we do. */
  since(cursor: string): readonly Step[] | undefined {
    const first = this.steps[0];
    if (!first || compareCursors(cursor, first.prev) < 0) return undefined;
    return this.steps.filter((step) => compareCursors(step.cursor, cursor) > 0);
  }
}
