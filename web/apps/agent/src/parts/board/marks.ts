// Marks of figures over time: a new one counts after half a minute, so that a moment is no alarm.

import type { Threshold } from '@api/board';
import { markOf, type Mark, type Value } from './figures';

const HOLDS_MS = 30_000;

interface Held {
  shown: Mark;
  next: Mark;
  since: number;
}

export class Marks {
  private readonly held = new Map<string, Held>();

  /** The mark of a figure at a moment of the server; the first one counts at once. */
  of(key: string, value: Value, limit: Threshold | undefined, now: number): Mark {
    if (!limit) return 'good';
    const held = this.held.get(key);
    if (!held) {
      const shown = markOf(value, limit);
      this.held.set(key, { shown, next: shown, since: now });
      return shown;
    }
    const next = markOf(value, limit, held.shown);
    if (next !== held.next) {
      held.next = next;
      held.since = now;
    }
    if (next !== held.shown && now - held.since >= HOLDS_MS) held.shown = next;
    return held.shown;
  }
}
