// The table of plural forms our texts rely on, for each number that has surprised somebody.
import { expect, it } from 'vitest';

const TABLE: Record<string, [en: string, cs: string, pl: string, ru: string]> = {
  '0': ['other', 'other', 'many', 'many'],
  '1': ['one', 'one', 'one', 'one'],
  '2': ['other', 'few', 'few', 'few'],
  '4': ['other', 'few', 'few', 'few'],
  '5': ['other', 'other', 'many', 'many'],
  '11': ['other', 'other', 'many', 'many'],
  '12': ['other', 'other', 'many', 'many'],
  '14': ['other', 'other', 'many', 'many'],
  '21': ['other', 'other', 'many', 'one'],
  '101': ['other', 'other', 'many', 'one'],
  '22': ['other', 'other', 'few', 'few'],
  '25': ['other', 'other', 'many', 'many'],
  '1.5': ['other', 'many', 'other', 'other'],
};

it.each(Object.entries(TABLE))('puts %s into the right form', (number, forms) => {
  const found = ['en', 'cs', 'pl', 'ru'].map((language) =>
    new Intl.PluralRules(language).select(Number(number)),
  );
  expect(found).toEqual(forms);
});

it('tells 1.0 from 1 in Czech only when the fraction is asked for', () => {
  expect(new Intl.PluralRules('cs').select(1.0)).toBe('one');
  expect(new Intl.PluralRules('cs', { minimumFractionDigits: 1 }).select(1.0)).toBe('many');
});

it('sorts ch after h in Czech', () => {
  const sorted = ['chata', 'cena', 'had', 'ihned'].sort(new Intl.Collator('cs').compare);
  expect(sorted).toEqual(['cena', 'had', 'chata', 'ihned']);
});
