// Emoji: enough of them, each once, found in four languages however they are typed.
import { expect, it } from 'vitest';
import { sought } from '@agent/parts/sought';
import { emoji } from './emoji';

const all = emoji();

it('has more than three hundred, each once, with a name in every language', () => {
  expect(all.length).toBeGreaterThanOrEqual(300);
  expect(new Set(all.map((one) => one.sign)).size).toBe(all.length);
  for (const one of all) {
    for (const language of ['en', 'cs', 'pl', 'ru'] as const) {
      expect(one.in(language), one.sign).toMatch(/^[\p{L}][\p{L} -]*$/u);
    }
  }
});

it.each([
  ['smile', '😄'],
  ['usmev', '😄'],
  ['uśmiech', '😄'],
  ['улыб', '😄'],
  ['dekuji', '🙏'],
  ['елка', '🎄'],
  ['paczka', '📦'],
])('finds %s', (typed, sign) => {
  expect(sought(all, typed, (one) => one.names, 12).map((one) => one.sign)).toContain(sign);
});
