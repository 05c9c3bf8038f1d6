// The texts for components: stands in for react-i18next, whose hook copies the whole instance each time a component begins.
//
// Hundreds of components begin when a Case is opened; measured, those copies were the dearest part of it. Ours keeps one answer per
// language for all of them, and one subscription: `Texts` around the application hands the answer down. The bundler and the unit tests put this file in the place of the package (aliases.ts); types stay theirs.

import i18next, { type i18n, type TFunction } from 'i18next';
import {
  createContext,
  createElement,
  useContext,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';

interface Told {
  t: TFunction;
  i18n: i18n;
}

let kept: { language: string | undefined; told: Told } | undefined;

/** Most words have no gaps to fill: such a word is looked up once. What is not there yet may still come. */
function remembering(t: TFunction): TFunction {
  const words = new Map<string, string>();
  const quick = (key: string, gaps?: Record<string, unknown>): string => {
    if (gaps !== undefined) return t(key, gaps);
    const known = words.get(key);
    if (known !== undefined) return known;
    const word: string = t(key);
    if (word !== key) words.set(key, word);
    return word;
  };
  return quick as TFunction;
}

function present(): Told {
  const { language } = i18next;
  if (!kept || kept.language !== language || language === undefined) {
    const t = language === undefined ? i18next.t : remembering(i18next.getFixedT(language));
    if (kept?.language === language && kept?.told.t === t) return kept.told;
    kept = { language, told: { t, i18n: i18next } };
  }
  return kept.told;
}

function subscribe(listener: () => void): () => void {
  const changed = (): void => {
    kept = undefined;
    listener();
  };
  i18next.on('languageChanged', changed);
  i18next.on('initialized', changed);
  return () => {
    i18next.off('languageChanged', changed);
    i18next.off('initialized', changed);
  };
}

const Spoken = createContext<Told | undefined>(undefined);

/** Around the application: another language draws everything in it anew. */
export function Texts({ children }: { children: ReactNode }): ReactElement {
  const told = useSyncExternalStore(subscribe, present);
  return createElement(Spoken.Provider, { value: told }, children);
}

export const useTranslation = (): Told => useContext(Spoken) ?? present();

/** Nothing to prepare: the hook above asks i18next itself. */
export const initReactI18next = { type: '3rdParty' as const, init: (): void => undefined };
