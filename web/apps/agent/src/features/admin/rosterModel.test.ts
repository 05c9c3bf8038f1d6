// The model of a roster: what may be saved, and moments there and back.

import { expect, test } from 'vitest';
import { local, rosterBody, rosterOf, rosterReady } from './rosterModel';

test('a roster comes back as it went, and is kept only when it is whole', () => {
  const from = new Date(2026, 2, 29, 1, 30).toISOString();
  const until = new Date(2026, 2, 30, 8, 0).toISOString();
  const turns = [{ person: 'p', from, until }];
  const row = { id: 'r', version: 1, department_id: 'd', hour: 8, now: null };
  const draft = rosterOf({ ...row, people: ['p'], begins: '2026-01-05', turns });
  expect(rosterBody(draft)).toEqual({ people: ['p'], begins: '2026-01-05', hour: 8, turns });
  expect(local(until)).toBe('2026-03-30T08:00');
  expect(rosterReady(draft)).toBe(true);
  expect(rosterReady({ ...draft, begins: '' })).toBe(false);
  expect(rosterReady({ ...draft, hour: '24' })).toBe(false);
  expect(rosterReady({ ...draft, hour: '' })).toBe(false);
  const [turn] = draft.turns;
  expect(rosterReady({ ...draft, turns: [{ ...turn!, until: turn!.from }] })).toBe(false);
  expect(rosterReady(rosterOf())).toBe(true);
});
