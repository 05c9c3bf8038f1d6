// What a quote looks like in plain text.
import { expect, it } from 'vitest';
import { plainQuote } from './quote';

const words = { head: 'Olga, 14:05:', text: 'Where is it?\n\n> you said Monday\n' };

it('begins at once in an empty answer and leaves a line for the writer', () => {
  expect(plainQuote(words, '')).toBe('Olga, 14:05:\n> Where is it?\n>\n>> you said Monday\n\n');
});

it('stands apart from what was written before it', () => {
  const one = { head: '', text: 'Yes' };
  expect(plainQuote(one, 'Dear Olga,')).toBe('\n\n> Yes\n\n');
  expect(plainQuote(one, 'Dear Olga,\n')).toBe('\n> Yes\n\n');
  expect(plainQuote(one, 'Dear Olga,\n\n')).toBe('> Yes\n\n');
});
