// Emoji by name in four languages; loaded when somebody types a colon.

import type { Language } from '@api/types';
import faces from './emoji_faces';
import things from './emoji_things';

export interface Emoji {
  sign: string;
  /** Names in every language, and their single words. */
  names: readonly string[];
  /** Its name in one language. */
  in: (language: Language) => string;
}

const LANGUAGES: readonly Language[] = ['en', 'cs', 'pl', 'ru'];

export function emoji(): Emoji[] {
  return (faces + things)
    .split('\n')
    .filter(Boolean)
    .map((row) => {
      const space = row.indexOf(' ');
      const told = row.slice(space + 1).split('|');
      const words = told.flatMap((name) => name.split(' ').slice(1));
      return {
        sign: row.slice(0, space),
        names: [...told, ...words],
        in: (language) => told[LANGUAGES.indexOf(language)] ?? told[0] ?? '',
      };
    });
}
