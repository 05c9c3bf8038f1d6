// The model of a process on the screen: groups, keys, what publishing changes, spans, and readiness.

import { expect, test } from 'vitest';
import {
  asPlans,
  changes,
  freshStep,
  inOrder,
  inSeconds,
  inUnit,
  keyOf,
  onScreen,
  optionsOf,
  ready,
  same,
  without,
  type Step,
} from './processModel';

const step = (key: string, more: Partial<Step> = {}): Step => ({
  ...freshStep('q'),
  key,
  title: key.toUpperCase(),
  ...more,
});

test('steps beside each other share a group and its join, and come back the same', () => {
  const steps = [
    step('a'),
    step('b', { join: 'any' }),
    step('c', { beside: true }),
    step('d', { beside: true }),
    step('e'),
  ];
  const plans = asPlans(steps);
  expect(plans.map((one) => one.group)).toEqual(['', 'with_b', 'with_b', 'with_b', '']);
  expect(plans.map((one) => one.join)).toEqual(['all', 'any', 'any', 'any', 'all']);
  expect(onScreen(plans).map((one) => one.beside)).toEqual([false, false, true, true, false]);
  expect(same(onScreen(plans), steps)).toBe(true);
});

test('keys come out of titles in any of our languages and are never taken twice', () => {
  expect(keyOf('Ověřit doklady', [])).toBe('overit_doklady');
  expect(keyOf('Wypłata środków', ['wyplata_srodkow'])).toBe('wyplata_srodkow_2');
  expect(keyOf('Проверка', [])).toBe('step');
  expect(keyOf('2. podpis', [])).toBe('podpis');
});

test('what refers to a step that is removed or moved behind is taken away', () => {
  const steps = [step('a'), step('b', { on_reject: 'a', next: [{ to: 'a', if: 'x' }] })];
  expect(without(steps, 0)[0]).toMatchObject({ on_reject: null, next: [] });
  expect(inOrder([steps[1] as Step, steps[0] as Step])[0]?.on_reject).toBeNull();
});

test('what publishing changes is told by the titles', () => {
  const before = [step('a'), step('b'), step('c')];
  const after = [step('c'), step('a', { approvals: 2 }), step('d')];
  expect(changes(before, after)).toEqual({
    added: ['D'],
    removed: ['B'],
    changed: ['A'],
    moved: true,
  });
});

test('spans are said in the largest whole unit and read back', () => {
  expect(inUnit(172_800)).toEqual({ amount: '2', unit: 'days' });
  expect(inUnit(5_400)).toEqual({ amount: '90', unit: 'minutes' });
  expect(inUnit(null)).toEqual({ amount: '', unit: 'hours' });
  expect(inSeconds('1,5', 'hours')).toBe(5_400);
  expect(inSeconds('much', 'days')).toBeNull();
});

test('a step is ready when it has a title, a queue or a time, and its questions are whole', () => {
  expect(ready(step('a'))).toBe(true);
  expect(ready(step('a', { queue: null }))).toBe(false);
  expect(ready(step('a', { kind: 'timer' }))).toBe(false);
  const field = { key: 'f', label: 'F', required: false, options: [] };
  expect(ready(step('a', { form: [{ ...field, type: 'choice' }] }))).toBe(false);
  expect(ready(step('a', { form: [{ ...field, type: 'text' }] }))).toBe(true);
  expect(optionsOf(' one\n\ntwo \none')).toEqual(['one', 'two']);
});

test('a title alone travels as it is, more of them by language; what machines do says all it must', () => {
  const [plain] = onScreen(asPlans([step('a', { titles: { cs: 'Ověřit' } })]), 'cs');
  expect(plain).toMatchObject({ title: 'Ověřit', titles: { cs: 'Ověřit' } });
  const both = { en: 'Check', cs: 'Ověřit', pl: ' ' };
  const [kept] = asPlans([step('a', { titles: both })]);
  expect(kept?.title).toEqual({ en: 'Check', cs: 'Ověřit' });
  expect(onScreen([kept as NonNullable<typeof kept>], 'ru')[0]?.title).toBe('Check');
  expect(ready(step('a', { kind: 'send' }))).toBe(false);
  expect(ready(step('a', { kind: 'send', say: { text: { en: 'Hello' } } }))).toBe(true);
  expect(ready(step('a', { kind: 'send', queue: null, say: { snippet: 's' } }))).toBe(false);
  expect(ready(step('a', { kind: 'system' }))).toBe(false);
  expect(asPlans([step('a', { say: { snippet: 's' } })])[0]?.say).toBeNull();
});
