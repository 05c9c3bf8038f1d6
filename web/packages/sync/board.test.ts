// The counters on a screen: whole, differences, a gap, an older frame behind a newer picture.

import { expect, it } from 'vitest';
import { BoardFeed } from './board';

const TOPIC = 'board:house';

function feed() {
  const asked: string[] = [];
  let at = 10_000;
  const made = new BoardFeed(
    (topic) => asked.push(topic),
    () => at,
  );
  const hear = (kind: string, data: unknown): void => made.hear({ topic: TOPIC, kind, data });
  const waiting = (): (number | undefined)[] | undefined =>
    made.picture(TOPIC)?.cells.map((cell) => cell.now?.['waiting']);
  return { made, asked, hear, waiting, wait: (ms: number) => (at += ms) };
}

const cell = (q: string, waiting: number) => ({ d: 'd', q, c: 'email', now: { waiting } });
const whole = (n: number, ...cells: unknown[]) => ({ n, at: n, part: 0, last: true, cells });

it('shows nothing before the whole picture, all of it at once, then what changes', () => {
  const { hear, waiting } = feed();
  hear('whole', { n: 4, at: 1, part: 0, last: false, cells: [cell('a', 1)] });
  expect(waiting()).toBeUndefined();
  hear('whole', { n: 4, at: 1, part: 1, last: true, cells: [cell('b', 2)] });
  expect(waiting()).toEqual([1, 2]);
  hear('diff', { n: 5, at: 2, cells: [cell('a', 7)] });
  expect(waiting()).toEqual([7, 2]);
});

it('asks for everything again when a difference is missing, and not a second time at once', () => {
  const { hear, waiting, asked, wait } = feed();
  hear('whole', whole(4, cell('a', 1)));
  hear('diff', { n: 6, at: 2, cells: [cell('a', 9)] });
  hear('diff', { n: 7, at: 3, cells: [] });
  expect(asked).toEqual([TOPIC]);
  expect(waiting()).toEqual([1]);
  wait(2_001);
  hear('diff', { n: 8, at: 4, cells: [] });
  expect(asked).toEqual([TOPIC, TOPIC]);
  hear('whole', whole(9, cell('a', 3)));
  expect(waiting()).toEqual([3]);
});

it('asks when it comes in the midst: another tab of this browser had the whole picture', () => {
  const { hear, asked } = feed();
  hear('diff', { n: 6, at: 2, cells: [] });
  expect(asked).toEqual([TOPIC]);
});

it('leaves out what is older than the picture it has, and forgets what was denied', () => {
  const { hear, waiting, made } = feed();
  hear('whole', whole(9, cell('a', 3)));
  hear('diff', { n: 9, at: 1, cells: [cell('a', 1)] });
  expect(waiting()).toEqual([3]);
  made.hear({ topic: TOPIC, kind: 'denied', data: null });
  expect(waiting()).toBeUndefined();
  expect(made.denied(TOPIC)).toBe(true);
  made.hear({ topic: TOPIC, kind: 'subscribed' });
  expect(made.denied(TOPIC)).toBe(false);
});
