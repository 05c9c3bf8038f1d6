// Durations are written in the largest unit without a rest; what is empty is not promised.
import { expect, it } from 'vitest';
import { bodyOf, draftOf, ready, secondsOf, spanOf, type PolicyRow } from './targetModel';

const ROW: PolicyRow = {
  id: '1',
  version: 3,
  name: 'VIP',
  rank: 0,
  active: true,
  scope: { tiers: ['vip'] },
  targets: { first_response_s: 5400, resolution_s: 172_800 },
  pauses: ['wait_customer'],
  warn_pct: 60,
  on_change: 'replace',
  calendar_id: 'c',
  escalation_id: null,
};

it('comes back as it was', () => {
  const draft = draftOf(ROW);
  expect(draft.targets.first_response).toEqual({ amount: '90', unit: 'min' });
  expect(draft.targets.resolution).toEqual({ amount: '2', unit: 'd' });
  expect(ready(draft)).toBe(true);
  const { id: _, version: __, rank: ___, ...rest } = ROW;
  expect(bodyOf(draft)).toEqual(rest);
});

it('reads commas, and knows what is no amount', () => {
  expect(secondsOf({ amount: '1,5', unit: 'h' })).toBe(5400);
  expect(secondsOf({ amount: ' ', unit: 'h' })).toBeUndefined();
  for (const amount of ['soon', '-1', '0', '999'])
    expect(secondsOf({ amount, unit: 'd' })).toBeNaN();
  expect(spanOf(undefined)).toEqual({ amount: '', unit: 'h' });
  expect(spanOf(90)).toEqual({ amount: '1.5', unit: 'min' });
});

it('is not ready without a name, a target, or with a warning outside of the target', () => {
  const draft = draftOf(ROW);
  expect(ready({ ...draft, name: ' ' })).toBe(false);
  expect(ready(draftOf(undefined))).toBe(false);
  expect(ready({ ...draft, warn: '100' })).toBe(false);
  const targets = { ...draft.targets, step: { amount: 'x', unit: 'h' as const } };
  expect(ready({ ...draft, targets })).toBe(false);
});

it('sends no empty conditions', () => {
  const draft = { ...draftOf(ROW), scope: { tiers: ['vip'], queues: [] } };
  expect(bodyOf(draft).scope).toEqual({ tiers: ['vip'] });
});
