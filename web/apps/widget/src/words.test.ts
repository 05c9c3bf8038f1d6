// Four languages say the same things.
import { describe, expect, it } from 'vitest';
import cs from '../words/cs.json';
import en from '../words/en.json';
import pl from '../words/pl.json';
import ru from '../words/ru.json';
import { colours } from './style';
import { chooseLanguage, fill } from './words';

const all: Record<string, object> = { en, cs, pl, ru };
const holes = (text: unknown) => [...String(text).matchAll(/\{\w+\}/g)].map(String).sort();

describe('words', () => {
  it.each(Object.keys(all))('%s has every word with the same holes', (code) => {
    const words = all[code] as Record<string, unknown>;
    expect(Object.keys(words).sort()).toEqual(Object.keys(en).sort());
    for (const [key, text] of Object.entries(en)) {
      if (key !== 'unread') expect(holes(words[key]), key).toEqual(holes(text));
    }
  });

  it.each(Object.keys(all))('%s has every plural its language needs', (code) => {
    const forms = (all[code] as { unread: Record<string, string> }).unread;
    const { pluralCategories } = new Intl.PluralRules(code).resolvedOptions();
    expect(Object.keys(forms).sort()).toEqual([...pluralCategories].sort());
  });

  it('takes the first language it speaks, else English', () => {
    expect(chooseLanguage(undefined, 'de-AT', 'cs-CZ', 'ru')).toBe('cs');
    expect(chooseLanguage('', null, 'xx')).toBe('en');
  });

  it('fills holes and leaves strangers alone', () => {
    expect(fill('{a} and {b}', { a: 1 })).toBe('1 and {b}');
  });
});

describe('colours', () => {
  it.each(['#000000', '#ffffff', '#1d4ed8', '#f59e0b', '#22c55e', '#dc2626', '#777777', 'red'])(
    'writes readably on %s',
    (wish) => {
      const found = colours(wish);
      const light = (hex: string) =>
        [1, 3, 5]
          .map(
            (at) =>
              parseInt(
                hex.length === 4 ? hex[(at + 1) / 2]!.repeat(2) : hex.slice(at, at + 2),
                16,
              ) / 255,
          )
          .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
          .reduce((sum, part, at) => sum + part * [0.2126, 0.7152, 0.0722][at]!, 0);
      const [a, b] = [light(found['--c']), light(found['--on'])].sort((x, y) => y - x) as [
        number,
        number,
      ];
      expect((a + 0.05) / (b + 0.05)).toBeGreaterThanOrEqual(4.5);
    },
  );
});
