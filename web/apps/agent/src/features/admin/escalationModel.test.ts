// A rung is sent with what its action needs and nothing else, and comes back as it was.
import { expect, it } from 'vitest';
import { freshRung, rungBody, rungOf, rungReady, type RungRow } from './escalationModel';

const ROWS: RungRow[] = [
  { at_pct: 75, action: 'notify', to: [{ who: 'lead' }], repeat_min: 10, ack_required: true },
  { after_min: -15, action: 'page', to: [{ who: 'person', id: 'p' }], text: 'Wake up' },
  { after_min: 0, action: 'raise', urgency: 'up', tier: 'vip' },
  { at_pct: 120, action: 'ladder', step: 3 },
  { after_min: 30, action: 'move', queue_id: 'q' },
  { at_pct: 100, action: 'assign', to: [{ who: 'lead', id: 'd' }] },
  { at_pct: 90, action: 'note', text: 'Call them' },
];

it('comes back as it was, whatever it does', () => {
  for (const row of ROWS) expect(rungBody(rungOf(row, 0))).toEqual(row);
});

it('is ready with everything its action needs', () => {
  for (const row of ROWS) expect(rungReady(rungOf(row, 0))).toBe(true);
  const rung = freshRung(1);
  expect(rungReady(rung)).toBe(true);
  expect(rungReady({ ...rung, to: [] })).toBe(false);
  expect(rungReady({ ...rung, amount: '0' })).toBe(false);
  expect(rungReady({ ...rung, amount: '7.5' })).toBe(false);
  expect(rungReady({ ...rung, repeat: '2000' })).toBe(false);
  expect(rungReady({ ...rung, action: 'move' })).toBe(false);
  expect(rungReady({ ...rung, action: 'raise', urgency: '' })).toBe(false);
  expect(rungReady({ ...rung, action: 'note' })).toBe(false);
});

it('forgets what belonged to another action', () => {
  const was = { ...rungOf(ROWS[0] as RungRow, 0), action: 'move' as const, queue_id: 'q' };
  expect(rungBody(was)).toEqual({ at_pct: 75, action: 'move', queue_id: 'q' });
});
