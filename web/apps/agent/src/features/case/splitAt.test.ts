// Mentions in a note.
import { expect, it } from 'vitest';
import { splitAt } from './splitAt';

it('cuts a text at words and loses nothing', () => {
  const text = 'Ask @Jana Nová or @Jana, please';
  const parts = splitAt(text, ['@Jana', '@Jana Nová']);
  expect(parts).toEqual(['Ask ', '@Jana Nová', ' or ', '@Jana', ', please']);
  expect(parts.join('')).toBe(text);
  expect(splitAt('', ['@x'])).toEqual([]);
  expect(splitAt('plain', [])).toEqual(['plain']);
});
