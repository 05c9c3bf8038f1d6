// Every word the customer sees, in four languages; only the one he reads is fetched.
import { signal } from './state';
import { staticAddress } from './http';
import { language } from './model';

export type Words = Omit<typeof import('../words/en.json'), 'unread'> & {
  unread: Record<string, string>;
};

const LANGUAGES = ['en', 'cs', 'pl', 'ru'];
declare const WORDS_VERSION: string;

export const words = signal<Words>({ unread: {} } as unknown as Words);
let own: Partial<Words> = {};

/** Takes words of the site in place of ours: another tone, or a language we do not speak. */
export function tune(texts: Partial<Words> | undefined): void {
  own = texts ?? {};
}

let parts = [''];

/** Fetches the words of a language, then speaks it; keeps the old ones when that fails. */
export async function speak(wish: string): Promise<void> {
  const found = await Promise.all(parts.map((part) => fetchWords(wish + part)));
  words.value = Object.assign({}, ...found, own) as Words;
  language.value = wish;
}

/** Learns the words of a talk too, in whatever language is spoken. */
export async function speakOn(): Promise<void> {
  if (parts.length > 1) return;
  const more = await fetchWords(`${language.value}.talk`);
  parts = ['', '.talk'];
  words.value = { ...more, ...words.value };
}

async function fetchWords(name: string): Promise<Partial<Words>> {
  const answer = await fetch(staticAddress(`${name}.json?v=${WORDS_VERSION}`), {
    credentials: 'omit',
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return (await answer.json()) as Partial<Words>;
}

export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function unreadWords(n: number): string {
  const forms = words.value.unread;
  const form = new Intl.PluralRules(language.value).select(n);
  return fill(forms[form] ?? forms['other'] ?? '{n}', { n });
}

/** The language to speak: asked for, of the page, of the browser; one of our four. */
export function chooseLanguage(...wishes: (string | undefined | null)[]): string {
  for (const wish of wishes) {
    const two = (wish ?? '').slice(0, 2).toLowerCase();
    if (LANGUAGES.includes(two)) return two;
  }
  return 'en';
}
