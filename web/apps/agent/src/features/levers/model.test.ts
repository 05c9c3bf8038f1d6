// What a lever sends, and how a preview is judged.
import { describe, expect, it } from 'vitest';
import type { LeverPreview, LeverTerms } from '@api/lever';
import { begun, changedQueues, levelOf, turn, turned, wishOf } from './model';

const terms = (kind: LeverTerms['kind'], usual = 0): LeverTerms => ({
  kind,
  seconds: 7200,
  amount: null,
  low: 0,
  high: 0,
  usual,
  may_stay: true,
});
const waits = (wait_ms: number, left = 0) => ({
  wait_ms,
  left,
  in_time: 0,
  judged: 0,
  band: null,
});

describe('what is sent', () => {
  it('is the place, the amount and the span', () => {
    const draft = begun(terms('weight', 2000), 'queue q1');
    expect(wishOf(draft)).toEqual({ kind: 'weight', queue_id: 'q1', amount: 2000, seconds: 7200 });
    expect(wishOf({ ...draft, place: 'channel email' })).toMatchObject({ channel: 'email' });
    expect(wishOf({ ...draft, place: 'tier vip' })).toMatchObject({ tier: 'vip' });
  });

  it('waits for a place, for people, for another queue', () => {
    expect(wishOf(begun(terms('pause'), ''))).toBeUndefined();
    const lend = begun(terms('lend', 1), 'queue q1');
    expect(wishOf(lend)).toBeUndefined();
    expect(wishOf({ ...lend, agents: ['a'] })).toMatchObject({ agent_ids: ['a'], amount: 1 });
    const over = { ...begun(terms('overflow', 300), 'queue q1'), to: 'q1' };
    expect(wishOf(over)).toBeUndefined();
  });

  it('names no amount where there is none', () => {
    expect(wishOf(begun(terms('pause'), 'queue q1'))).not.toHaveProperty('amount');
    const off = begun(terms('overflow', 300), 'queue q1');
    expect(wishOf(off)).toEqual({ kind: 'overflow', queue_id: 'q1', seconds: 7200 });
    expect(wishOf({ ...off, to: 'q2' })).toMatchObject({ to_queue_id: 'q2', amount: 300 });
  });

  it('is on or off, with skills for who is lent, with another channel for one that is out', () => {
    const hours = begun(terms('hours', 0), 'queue q1');
    expect(wishOf(hours)).toMatchObject({ amount: 0 });
    const lend = {
      ...begun(terms('lend', 1), 'queue q1'),
      agents: ['a'],
      skills: { 'lang:pl': 3 },
    };
    expect(wishOf(lend)).toMatchObject({ skills: { 'lang:pl': 3 } });
    const out = begun(terms('outage'), 'channel chat');
    expect(wishOf(out)).toEqual({ kind: 'outage', channel: 'chat', drain: 'wait', seconds: 7200 });
    expect(wishOf({ ...out, other: 'email' })).toMatchObject({ other_channel: 'email' });
    expect(turned(hours, terms('outage')).place).toBe('');
    expect(turned(out, terms('outage')).place).toBe('channel chat');
  });

  it('keeps the people and the reason when the kind changes, a wide place only for a weight', () => {
    const wide = { ...begun(terms('weight', 2000), 'channel email'), reason: 'flood' };
    expect(turned(wide, terms('pause'))).toMatchObject({ place: '', reason: 'flood' });
    expect(turned({ ...wide, place: 'queue q1' }, terms('pause')).place).toBe('queue q1');
  });
});

describe('what a preview means', () => {
  it('is judged by what is left, then by the wait', () => {
    expect(turn(waits(60_000, 2), waits(90_000, 1))).toBe('better');
    expect(turn(waits(60_000), waits(90_000))).toBe('worse');
    expect(turn(waits(60_000), waits(62_000))).toBe('same');
  });

  it('says which part would be in time, of what is known by then', () => {
    expect(levelOf({ ...waits(0), in_time: 2, judged: 3 })).toBe(667);
    expect(levelOf(waits(0))).toBeUndefined();
  });

  it('shows the chosen queue first and those that change', () => {
    const queues = [
      { queue_id: 'b', waiting: 1, before: waits(0), after: waits(20_000) },
      { queue_id: 'c', waiting: 9, before: waits(0), after: waits(20_000) },
      { queue_id: 'd', waiting: 9, before: waits(1), after: waits(2) },
      { queue_id: 'a', waiting: 1, before: waits(1), after: waits(2) },
    ];
    const preview = { queues } as unknown as LeverPreview;
    expect(changedQueues(preview, 'a').map((one) => one.queue_id)).toEqual(['a', 'c', 'b']);
  });
});
