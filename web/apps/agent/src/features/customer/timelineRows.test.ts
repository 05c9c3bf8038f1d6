// Days between the lines of a timeline.

import { expect, test } from 'vitest';
import type { TimelineRow } from '@api/types';
import { filtered, NO_FILTERS, withDays } from './timelineRows';

const line = (message_id: string, at: string, case_id = 'k') =>
  ({ message_id, at, case_id }) as TimelineRow;

test('each day stands once, before its first line', () => {
  const rows = [
    line('c', '2026-03-29T12:00:00'),
    line('b', '2026-03-29T08:00:00'),
    line('a', '2026-03-28T08:00:00'),
  ];
  const shown = withDays(rows).map((one) => (one.kind === 'day' ? 'day' : one.key));
  expect(shown).toEqual(['day', 'c', 'b', 'day', 'a']);
  expect(withDays([])).toEqual([]);
});

test('a Case is named where its run begins, and once more on another day', () => {
  const rows = [
    line('e', '2026-03-29T12:00:00'),
    line('d', '2026-03-29T11:00:00'),
    line('c', '2026-03-29T10:00:00', 'other'),
    line('b', '2026-03-29T08:00:00'),
    line('a', '2026-03-28T08:00:00'),
  ];
  const named = withDays(rows).flatMap((one) =>
    one.kind === 'line' && one.named ? [one.key] : [],
  );
  expect(named).toEqual(['e', 'c', 'b', 'a']);
});

test('one chosen filter is a filter', () => {
  expect(filtered(NO_FILTERS)).toBe(false);
  expect(filtered({ ...NO_FILTERS, channel: 'chat' })).toBe(true);
});
