// Which row stands in which tab, and in which order.
import { describe, expect, it } from 'vitest';
import type { Case, WorkItem } from '@api/types';
import { compare, fits, unread, type Filter } from './rules';

const base: Filter = { tab: 'mine', view: '', state: 'open', department: '', sort: 'due', q: '' };
const row = (fields: Partial<Case>): Case =>
  ({
    id: 'c',
    state: 'open',
    department_id: 'd',
    owner_id: null,
    clocks: [],
    last_at: '1',
    opened_at: '1',
    ...fields,
  }) as Case;
const work = (fields: Partial<WorkItem>): WorkItem =>
  ({ id: 'w', state: 'in_work', agent_id: 'me', queue_id: 'q', ...fields }) as WorkItem;
const me = { id: 'me', queues: ['q'], listed: ['d', 'other'] };

describe('tabs', () => {
  it('mine: my live work, or my open Case', () => {
    expect(fits(row({}), [work({})], base, me)).toBe(true);
    expect(fits(row({}), [work({ agent_id: 'other' })], base, me)).toBe(false);
    expect(fits(row({ owner_id: 'me' }), [], base, me)).toBe(true);
    expect(fits(row({ owner_id: 'me', state: 'closed' }), [], base, me)).toBe(false);
    expect(fits(row({}), [work({ state: 'done' })], base, me)).toBe(false);
    expect(fits(row({}), [work({ state: 'wrap_up' })], base, me)).toBe(true);
  });

  it('mine: what is only offered to me is nobody’s yet', () => {
    expect(fits(row({}), [work({ state: 'offered' })], base, me)).toBe(false);
  });

  it('mine: my solved Case stays until it is closed, whatever state was chosen for "all"', () => {
    const mine = (state: Case['state']): boolean =>
      fits(row({ owner_id: 'me', state }), [], base, me);
    expect(mine('wait_third_party')).toBe(true);
    expect(mine('solved')).toBe(true);
    expect(mine('merged')).toBe(false);
    expect(mine('discarded')).toBe(false);
  });

  it('snoozed: what I put aside stands there and not in mine, until I have it in hand again', () => {
    const aside = row({ owner_id: 'me', snooze: { by: 'me', until: '2026-12-01' } });
    const tab: Filter = { ...base, tab: 'snoozed' };
    const parked = work({ state: 'parked', agent_id: null, wake_at: '2026-12-01' });
    expect([fits(aside, [parked], base, me), fits(aside, [parked], tab, me)]).toEqual([
      false,
      true,
    ]);
    expect([fits(aside, [work({})], base, me), fits(aside, [work({})], tab, me)]).toEqual([
      true,
      false,
    ]);
    const theirs = row({ owner_id: 'me', snooze: { by: 'petr', until: '2026-12-01' } });
    expect([fits(theirs, [], base, me), fits(theirs, [], tab, me)]).toEqual([true, false]);
    const solved = row({ state: 'solved', snooze: { by: 'me', until: '2026-12-01' } });
    expect(fits(solved, [], tab, me)).toBe(false);
  });

  it('team: what waits or is offered in my queues', () => {
    const team: Filter = { ...base, tab: 'team' };
    expect(fits(row({}), [work({ state: 'waiting', agent_id: null })], team, me)).toBe(true);
    expect(fits(row({}), [work({ state: 'waiting', queue_id: 'x' })], team, me)).toBe(false);
    expect(fits(row({}), [work({ state: 'in_work' })], team, me)).toBe(false);
  });

  it('all: by state and department', () => {
    const all: Filter = { ...base, tab: 'all' };
    expect(fits(row({ state: 'wait_customer' }), [], all, me)).toBe(true);
    expect(fits(row({ state: 'solved' }), [], all, me)).toBe(false);
    expect(fits(row({ state: 'merged' }), [], { ...all, state: 'closed' }, me)).toBe(true);
    expect(fits(row({ state: 'closed' }), [], { ...all, state: 'any' }, me)).toBe(true);
    expect(fits(row({}), [], { ...all, department: 'other' }, me)).toBe(false);
  });

  it('all: not what is merely open on the screen, or in my hands, from elsewhere', () => {
    const all: Filter = { ...base, tab: 'all' };
    const foreign = row({ department_id: 'foreign' });
    expect(fits(foreign, [work({})], all, me)).toBe(false);
    expect(fits(foreign, [work({})], base, me)).toBe(true);
  });
});

it('sorts by the clock that strikes first, Cases without a clock last', () => {
  const clock = (due: string, state: 'running' | 'paused' = 'running'): Case['clocks'] =>
    [{ type: 'first_response', state, due_at: due }] as Case['clocks'];
  const late = row({ id: 'late', clocks: clock('2026-02') });
  const soon = row({ id: 'soon', clocks: clock('2026-01') });
  const paused = row({ id: 'paused', clocks: clock('2025-01', 'paused') });
  const order = [paused, late, soon].sort(compare('due')).map((one) => one.id);
  expect(order).toEqual(['soon', 'late', 'paused']);
});

it('is unread only while the customer spoke last and I have not looked', () => {
  expect(unread(row({ last_customer: 5, last_staff: 3 }), undefined)).toBe(true);
  expect(unread(row({ last_customer: 5, last_staff: 3 }), 5)).toBe(false);
  expect(unread(row({ last_customer: 5, last_staff: 6 }), undefined)).toBe(false);
});
