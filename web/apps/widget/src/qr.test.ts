// The code is drawn as another encoder draws it: vectors of segno 1.6, its padding as the standard has it.
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { qr } from './qr';
import vectors from './qr.vectors.json';

const drawn = (grid: readonly (readonly boolean[])[]) =>
  grid.map((row) => row.map((on) => (on ? '1' : '0')).join('')).join('\n');

describe('qr', () => {
  it.each(vectors)('version $version, mask $mask', ({ text, mask, size, sha }) => {
    const grid = qr(text, mask)!;
    expect(grid).toHaveLength(size);
    expect(createHash('sha256').update(drawn(grid)).digest('hex')).toBe(sha);
  });

  it('chooses one of the eight masks by itself', () => {
    const all = Array.from({ length: 8 }, (_, mask) => drawn(qr('polyphony', mask)!));
    expect(all).toContain(drawn(qr('polyphony')!));
  });

  it('says so when a text is too long', () => {
    expect(qr('x'.repeat(230))).toBeDefined();
    expect(qr('x'.repeat(231))).toBeUndefined();
  });
});
