// The window of a long stream: what is mounted, how much space stands for the rest.
import { describe, expect, it } from 'vitest';
import { GUESS_PX, Heights, USUAL_PX, WHOLE } from './heights';

const keys = Array.from({ length: 1_000 }, (_, index) => `m${index}`);

describe('a long stream', () => {
  it('mounts all of a short one', () => {
    const few = keys.slice(0, WHOLE);
    expect(new Heights().around(few, 5_000, 800)).toEqual({ start: 0, end: WHOLE });
  });

  it('opens at its end with little more than what is seen', () => {
    const { start, end } = new Heights().last(keys.slice(0, 60), 600, USUAL_PX);
    expect(end).toBe(60);
    expect(end - start).toBeLessThan(15);
    expect((end - start) * USUAL_PX).toBeGreaterThan(600);
  });

  it('mounts what is in view and some around it, wherever one looks', () => {
    const heights = new Heights();
    for (const top of [0, 10_000, 47_000, 95_000]) {
      const { start, end } = heights.around(keys, top, 800);
      expect(end - start).toBeLessThan(60);
      expect(start * GUESS_PX).toBeLessThanOrEqual(top);
      expect(end * GUESS_PX).toBeGreaterThanOrEqual(Math.min(top + 800, 96_000));
    }
  });

  it('never mounts nothing, even below its end', () => {
    const { start, end } = new Heights().around(keys, 1e9, 800);
    expect(start).toBe(999);
    expect(end).toBe(1_000);
  });

  it('keeps what was measured', () => {
    const heights = new Heights();
    expect(heights.measure('m0', 400)).toBe(true);
    expect(heights.measure('m0', 400.4)).toBe(false);
    expect(heights.measure('m1', 0)).toBe(false);
    expect(heights.between(keys, 0, 2)).toBe(400 + GUESS_PX);
    expect(heights.last(keys, 800, USUAL_PX).end).toBe(1_000);
  });
});
