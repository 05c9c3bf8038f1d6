// The four catalogues: same keys, the plural forms each language has, the same variables in each text.
import { describe, expect, it } from 'vitest';
import i18next from 'i18next';
import cs from './locales/cs.json';
import en from './locales/en.json';
import pl from './locales/pl.json';
import ru from './locales/ru.json';

const catalogues: Record<string, Record<string, string>> = { en, cs, pl, ru };
const PLURAL = /_(zero|one|two|few|many|other)$/;
const stems = (catalogue: Record<string, string>): string[] =>
  [...new Set(Object.keys(catalogue).map((key) => key.replace(PLURAL, '')))].sort();
const variables = (text: string): string[] => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort();

describe.each(Object.keys(catalogues))('the catalogue %s', (language) => {
  const catalogue = catalogues[language] ?? {};

  it('has exactly the keys of the English one, none of them empty', () => {
    expect(stems(catalogue)).toEqual(stems(en));
    expect(Object.entries(catalogue).filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('has every plural form its language needs', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const plurals = Object.keys(catalogue).filter((key) => key.endsWith('_other'));
    expect(plurals.length).toBeGreaterThan(5);
    for (const key of plurals) {
      const stem = key.replace(PLURAL, '');
      const present = forms.filter((form) => `${stem}_${form}` in catalogue);
      expect(present, stem).toEqual(forms);
    }
  });

  it('uses the variables of the English text and no others', () => {
    for (const [key, text] of Object.entries(catalogue)) {
      const model =
        (en as Record<string, string>)[key] ??
        (en as Record<string, string>)[`${key.replace(PLURAL, '')}_other`];
      expect(variables(text), key).toEqual(variables(model ?? ''));
    }
  });
});

it('chooses the plural form of the table for each number', async () => {
  const expected: Record<string, Record<string, string>> = {
    cs: { 1: 'Čeká 1 zpráva.', 3: 'Čekají 3 zprávy.', 5: 'Čeká 5 zpráv.' },
    pl: { 1: 'Czeka 1 wiadomość.', 22: 'Czekają 22 wiadomości.', 25: 'Czeka 25 wiadomości.' },
    ru: { 21: 'Ожидает 21 сообщение.', 22: 'Ожидают 22 сообщения.', 11: 'Ожидают 11 сообщений.' },
    en: { 1: '1 message waits.', 2: '2 messages wait.' },
  };
  for (const [language, rows] of Object.entries(expected)) {
    const texts = i18next.createInstance();
    await texts.init({
      lng: language,
      resources: { [language]: { translation: catalogues[language] ?? {} } },
      keySeparator: false,
      nsSeparator: false,
    });
    for (const [count, text] of Object.entries(rows)) {
      expect(texts.t('bar.waiting', { count: Number(count) })).toBe(text);
    }
  }
});
