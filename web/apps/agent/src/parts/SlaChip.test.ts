// Which clock speaks, and in which colour.
import { expect, it } from 'vitest';
import type { SlaClock } from '@api/types';
import { governing, stands, toneOf } from './SlaChip';

const at = (minutes: number): string => new Date(minutes * 60_000).toISOString();
const clock = (fields: Partial<SlaClock>): SlaClock => ({
  type: 'first_response',
  state: 'running',
  target_ms: 100 * 60_000,
  consumed_ms: 0,
  running_since: at(0),
  warn_at: null,
  due_at: at(100),
  ...fields,
});

it('lets the running clock that strikes first speak, a paused one only when alone', () => {
  const soon = clock({ due_at: at(10) });
  const paused = clock({ state: 'paused', due_at: null });
  expect(governing([clock({}), paused, soon])).toBe(soon);
  expect(governing([paused])).toBe(paused);
  expect(governing([clock({ state: 'met' })])).toBeUndefined();
});

it('is amber in the last quarter, red when over, grey when paused', () => {
  expect(toneOf(clock({}), 10 * 60_000)).toBe('plain');
  expect(toneOf(clock({}), 80 * 60_000)).toBe('warn');
  expect(toneOf(clock({ warn_at: at(50) }), 60 * 60_000)).toBe('warn');
  expect(toneOf(clock({}), 101 * 60_000)).toBe('bad');
  expect(toneOf(clock({ state: 'paused' }), 101 * 60_000)).toBe('plain');
});

it('stands because of the state only while nothing runs', () => {
  const paused = clock({ state: 'paused', due_at: null });
  expect(stands({ state: 'wait_customer', clocks: [paused] })).toBe(true);
  expect(stands({ state: 'wait_customer', clocks: [paused, clock({})] })).toBe(false);
  expect(stands({ state: 'open', clocks: [paused] })).toBe(false);
});
