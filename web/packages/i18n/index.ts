// The texts in four languages: what every screen says at the start, the rest with the screens that say it.

import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import parts from 'virtual:texts';

export const LANGUAGES = ['en', 'cs', 'pl', 'ru'] as const;
export type LanguageCode = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES: Record<LanguageCode, string> = {
  en: 'English',
  cs: 'Čeština',
  pl: 'Polski',
  ru: 'Русский',
};

const KEPT = 'polyphony-language';

export function supported(code: string | null | undefined): LanguageCode | undefined {
  const short = code?.slice(0, 2).toLowerCase();
  return LANGUAGES.find((language) => language === short);
}

/** The language before anybody has signed in: the last one used here, else the browser's. */
export function firstLanguage(): LanguageCode {
  const wished = [localStorage.getItem(KEPT), ...navigator.languages];
  return wished.map(supported).find((code) => code !== undefined) ?? 'en';
}

export type Part = keyof typeof parts;

/** Parts some screen has asked for; every language that is spoken needs them all. */
const wanted = new Set<Part>(['core']);
const loaded = new Set<string>();
let coming: LanguageCode | undefined;

async function fetchTexts(language: LanguageCode): Promise<void> {
  const missing = [...wanted].filter((part) => !loaded.has(`${language} ${part}`));
  await Promise.all(
    missing.map(async (part) => {
      const { default: texts } = await parts[part][language]();
      i18next.addResourceBundle(language, 'translation', texts, true, true);
      loaded.add(`${language} ${part}`);
    }),
  );
}

export async function startTexts(language: LanguageCode): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: (await parts.core[language]()).default } },
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  loaded.add(`${language} core`);
  mark(language);
  return i18next;
}

/** The texts of a part are there, in the language that is spoken and in the one that is being fetched. */
export async function withTexts(part: Part): Promise<void> {
  wanted.add(part);
  const spoken = supported(i18next.language) ?? 'en';
  await Promise.all([fetchTexts(spoken), coming ? fetchTexts(coming) : undefined]);
}

export async function speak(language: LanguageCode): Promise<void> {
  coming = language;
  await fetchTexts(language);
  await i18next.changeLanguage(language);
  if (coming === language) coming = undefined;
  mark(language);
}

function mark(language: LanguageCode): void {
  document.documentElement.lang = language;
  localStorage.setItem(KEPT, language);
}
