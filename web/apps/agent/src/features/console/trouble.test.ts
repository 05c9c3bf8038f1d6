// The matrix puts what needs somebody first.
import { expect, it } from 'vitest';
import type { BoardCell } from '@sync/board';
import { byTrouble, rows, trouble } from './trouble';

const NOW = 1_000_000;
const cell = (q: string, c: string, more: Partial<BoardCell>): BoardCell => ({
  d: 'd',
  q,
  c,
  ...more,
});
const work = (q: string, waiting: number, since: number, more: Partial<BoardCell> = {}) =>
  cell(q, 'email', { now: { waiting }, since, day: { entered: 1 }, ...more });
const people = (q: string, online: number, ready: number) => [
  cell(q, '', { now: { online, ready } }),
  cell(q, 'email', { now: { ready } }),
];

it('puts a queue nobody serves before late ones, and those before what only waits', () => {
  const cells = [
    work('calm', 0, 0),
    work('busy', 3, NOW - 5_000),
    work('late', 1, NOW - 1_000, { late: 1 }),
    work('alone', 1, NOW - 500),
    ...people('calm', 2, 2),
    ...people('busy', 2, 0),
    ...people('late', 2, 1),
  ];
  const found = byTrouble(rows(cells, ['calm', 'busy', 'late', 'alone'], NOW), (queue) => queue);
  expect(found.map((one) => [one.queue, trouble(one)])).toEqual([
    ['alone', 4],
    ['late', 3],
    ['busy', 1],
    ['calm', 0],
  ]);
  expect(found[2]).toMatchObject({ waiting: 3, longest: 5_000, online: 2, ready: 0 });
});

it('shows a queue without any work today once, with the agents who serve it', () => {
  const [only, ...others] = rows([cell('new', '', { now: { online: 1, ready: 1 } })], ['new'], NOW);
  expect(others).toEqual([]);
  expect(only).toMatchObject({ queue: 'new', channel: '', waiting: 0, online: 1, ready: 1 });
});
