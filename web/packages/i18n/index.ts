// The texts in four languages: one catalogue each, loaded when it is needed.

import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

export const LANGUAGES = ['en', 'cs', 'pl', 'ru'] as const;
export type LanguageCode = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES: Record<LanguageCode, string> = {
  en: 'English',
  cs: 'Čeština',
  pl: 'Polski',
  ru: 'Русский',
};

type Catalogue = Record<string, string>;

const catalogues: Record<LanguageCode, () => Promise<{ default: Catalogue }>> = {
  en: () => import('./locales/en.json'),
  cs: () => import('./locales/cs.json'),
  pl: () => import('./locales/pl.json'),
  ru: () => import('./locales/ru.json'),
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

export async function startTexts(language: LanguageCode): Promise<i18n> {
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: { translation: (await catalogues[language]()).default } },
    fallbackLng: false,
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  mark(language);
  return i18next;
}

export async function speak(language: LanguageCode): Promise<void> {
  if (!i18next.hasResourceBundle(language, 'translation')) {
    const { default: catalogue } = await catalogues[language]();
    i18next.addResourceBundle(language, 'translation', catalogue);
  }
  await i18next.changeLanguage(language);
  mark(language);
}

function mark(language: LanguageCode): void {
  document.documentElement.lang = language;
  localStorage.setItem(KEPT, language);
}
