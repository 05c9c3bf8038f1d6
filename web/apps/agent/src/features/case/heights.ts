// Where lines of a long stream stand: measured heights, a guess for the others, and a window.

export const GUESS_PX = 96;
/** Fewer lines than this are all mounted. */
export const WHOLE = 100;
const AROUND_PX = 1_200;
/** A stream opens at its end; what lies above the view is mounted later. */
const END_AROUND_PX = 240;
/** What a line at the end is taken for before it is measured; and the lowest line there is. */
export const USUAL_PX = 72;
export const LOW_PX = 36;

export interface Range {
  start: number;
  end: number;
}

export class Heights {
  private known = new Map<string, number>();

  /** Remembers a height; true when it is news. */
  measure(key: string, px: number): boolean {
    if (px <= 0 || Math.abs((this.known.get(key) ?? -1) - px) < 1) return false;
    this.known.set(key, px);
    return true;
  }

  of(key: string): number {
    return this.known.get(key) ?? GUESS_PX;
  }

  /** The height of a stretch of lines, `end` not included. */
  between(keys: readonly string[], start: number, end: number): number {
    let sum = 0;
    for (let index = start; index < end; index += 1) sum += this.of(keys[index] ?? '');
    return sum;
  }

  /** The lines to mount for a view of `height` px that begins `top` px into the stream. */
  around(keys: readonly string[], top: number, height: number): Range {
    if (keys.length <= WHOLE) return { start: 0, end: keys.length };
    let y = 0;
    let start = 0;
    while (start < keys.length && y + this.of(keys[start] ?? '') < top - AROUND_PX) {
      y += this.of(keys[start] ?? '');
      start += 1;
    }
    let end = start;
    while (end < keys.length && y < top + height + AROUND_PX) {
      y += this.of(keys[end] ?? '');
      end += 1;
    }
    return { start: Math.min(start, keys.length - 1), end };
  }

  /** The last lines, as many as a view needs that stands at the end; unknown ones are taken for `px`. */
  last(keys: readonly string[], height: number, px: number): Range {
    let y = 0;
    let start = keys.length;
    while (start > 0 && y < height + END_AROUND_PX) {
      start -= 1;
      y += this.known.get(keys[start] ?? '') ?? px;
    }
    return { start, end: keys.length };
  }
}
