// Lists open by the typed sign in four languages, and never in the middle of a word or an address.
import { expect, it } from 'vitest';
import { triggerAt, type TriggerKind } from './triggers';

const ALL: TriggerKind[] = ['snippet', 'article', 'mention', 'emoji', 'variable'];

it.each([
  ['/', 'snippet', '', 1],
  ['Hello /vrác', 'snippet', 'vrác', 5],
  ['Добрый день /спас', 'snippet', 'спас', 5],
  ['#zwrot', 'article', 'zwrot', 6],
  ['see #', 'article', '', 1],
  ['@Žaneta', 'mention', 'Žaneta', 7],
  ['(@łu', 'mention', 'łu', 3],
  [':smích', 'emoji', 'smích', 6],
  ['ok :улыб', 'emoji', 'улыб', 5],
  ['Dear {{', 'variable', '', 2],
  ['Dear {{ cust', 'variable', 'cust', 7],
  ['x{{case.ref', 'variable', 'case.ref', 10],
])('finds the trigger of %j', (before, kind, query, length) => {
  expect(triggerAt(before, ALL)).toEqual({ kind, query, length });
});

it.each([
  'https://host/path',
  'and/or',
  '1/2',
  'me@host.example',
  'C#',
  '12:30',
  'Note: ',
  ':-)',
  ': ',
  '/ two',
  '{{customer.name}}',
  'řekl: ano',
])('leaves %j alone', (before) => {
  expect(triggerAt(before, ALL)).toBeUndefined();
});

it('opens only the lists of the mode', () => {
  expect(triggerAt('@jana', ['snippet'])).toBeUndefined();
});
