// Figures of a board: shares over sums, nothing counted, people once each, marks that do not flicker.

import { expect, it } from 'vitest';
import type { BoardCell } from '@sync/board';
import { atHome, atWork, figure, lines, markOf, minutes, peopleOf } from './figures';

const NOW = 1_000_000;
const cells: BoardCell[] = [
  {
    d: 'd',
    q: 'a',
    c: 'email',
    now: { waiting: 2, offered: 1, in_work: 1 },
    since: NOW - 60_000,
    late: 1,
    day: { entered: 100, answered: 82, answered_within: 70, abandoned: 12, abandoned_short: 4 },
  },
  { d: 'd', q: 'b', c: 'chat', now: { waiting: 1 }, since: NOW - 90_000, half: { entered: 3 } },
  { d: 'd', q: 'a', c: '', now: { online: 2, ready: 1 } },
  { d: 'd', q: 'a', c: 'callback', now: { ready: 1 } },
  { d: 'd', q: 'b', c: '', now: { online: 2, ready: 1 } },
  { d: 'd', q: 'a', c: 'email', now: { waiting: 1 } },
  { d: 'd', q: null, c: '', now: { online: 2, break: 1, ready: 1 } },
];
const work = atWork(cells, []);

it('adds numerators and denominators up: the service level of the worked trap', () => {
  const found = figure('service_level', work, NOW);
  expect(Math.round((found.value ?? 0) * 1000)).toBe(778);
  expect(found.n).toBe(90);
});

it('says nothing where nothing was counted', () => {
  expect(figure('service_level_half', work, NOW).value).toBeUndefined();
  expect(figure('asa', [], NOW).value).toBeUndefined();
  expect(figure('longest', [], NOW).value).toBeUndefined();
});

it('shows the longest wait by the time of the server, and all that waits', () => {
  expect(figure('longest', work, NOW).value).toBe(90_000);
  expect(figure('waiting', work, NOW).value).toBe(5);
  expect(figure('waiting', atWork(cells, ['b']), NOW).value).toBe(1);
  expect(figure('breached', work, NOW).value).toBe(1);
});

it('counts each person once at home, and in a queue whoever serves it', () => {
  expect(figure('online', work, NOW, atHome(cells)).value).toBe(3);
  expect(figure('ready', work, NOW, peopleOf(cells, ['a'])).value).toBe(1);
});

it('makes a line a queue in the order asked for, also of one where nothing is', () => {
  const found = lines(cells, ['b', 'c', 'a']);
  expect(found.map((one) => [one.queue, one.channels.map((x) => x.channel)])).toEqual([
    ['b', ['chat']],
    ['c', []],
    ['a', ['email']],
  ]);
  expect(found[2]?.cells).toHaveLength(2);
});

it('gathers quarter minutes into minutes that end together', () => {
  const row = Array.from({ length: 120 }, () => 0);
  const entered = [...row];
  entered[119] = 2;
  entered[118] = 1;
  const series = { end: [4003], entered, started: row, abandoned: row };
  const [moments, arrivals] = minutes([
    { d: 'd', series },
    { d: 'e', series },
  ]);
  expect(moments).toHaveLength(30);
  expect(moments?.[29]).toBe(1000 * 60);
  expect(arrivals?.[29]).toBe(6);
  expect(minutes([])[0]).toEqual([]);
});

it('keeps a mark until the figure has gone back a little further', () => {
  const limit = { warn: 10, bad: 20 };
  const at = (value: number) => ({ value, unit: 'count' as const });
  expect(markOf(at(9), limit)).toBe('good');
  expect(markOf(at(10), limit)).toBe('warn');
  expect(markOf(at(20), limit)).toBe('bad');
  expect(markOf(at(19.5), limit, 'bad')).toBe('bad');
  expect(markOf(at(18), limit, 'bad')).toBe('warn');
  expect(markOf({ value: 0.7, unit: 'pct' }, { warn: 800, bad: 600 })).toBe('warn');
  expect(markOf({ value: 0.61, unit: 'pct' }, { warn: 800, bad: 600 }, 'bad')).toBe('bad');
  expect(markOf({ value: undefined, unit: 'pct' }, { warn: 800, bad: 600 })).toBe('good');
});
