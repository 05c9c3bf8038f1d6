// The model of event rules on the screen: fresh actions, what travels, tags as words.

import { expect, test } from 'vitest';
import { ACTIONS, freshAction, freshRule, sameRules, tidied, words } from './eventModel';

test('every sort of action has something to begin with', () => {
  for (const name of ACTIONS) expect(freshAction(name, 'q', 's').do).toBe(name);
});

test('what travels has no odd blanks, and a notice without words has none', () => {
  const rule = { ...freshRule(), id: ' late ', do: [freshAction('notify', '', '')] };
  expect(tidied(rule)).toEqual({ ...rule, id: 'late', do: [{ do: 'notify', to: 'leads' }] });
  expect(sameRules([rule], [tidied(rule)])).toBe(true);
});

test('tags are written with commas between them', () => {
  expect(words(' late, vip ,, ')).toEqual(['late', 'vip']);
});
