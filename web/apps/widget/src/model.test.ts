// What the widget makes of what it hears: one line stays one line, ticks never go back.
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Line,
  caseOf,
  learn,
  lines,
  merge,
  matters,
  newest,
  place,
  reads,
  unread,
  unreadIn,
} from './model';

const mine = (cid: string, more: Partial<Line> = {}): Line => ({
  cid,
  from: 'me',
  text: cid,
  files: [],
  at: '2026-03-02T09:00:00Z',
  state: 'queued',
  ...more,
});
const theirs = (position: number, more: Partial<Line> = {}): Line => ({
  id: `a${position}`,
  position,
  from: 'agent',
  text: String(position),
  files: [],
  at: '2026-03-02T09:00:00Z',
  state: 'sent',
  ...more,
});

beforeEach(() => {
  lines.value = [];
  reads.value = {};
});

describe('lines', () => {
  it('recognises its own line by the cid, whatever id the server gave it', () => {
    merge([mine('one')]);
    merge([mine('one', { state: 'sent' })]);
    merge([mine('one', { id: 'm1', position: 7, state: 'delivered' })]);
    merge([mine('one', { id: 'm1', position: 7, state: 'delivered' })]);
    expect(lines.value).toHaveLength(1);
    expect(lines.value[0]).toMatchObject({ id: 'm1', position: 7, state: 'delivered' });
  });

  it('never takes a tick back, in any order of news', () => {
    const states = ['queued', 'sent', 'delivered', 'read'] as const;
    for (const first of states)
      for (const second of states) {
        lines.value = [];
        merge([mine('one', { state: first })]);
        merge([mine('one', { state: second })]);
        const higher = Math.max(states.indexOf(first), states.indexOf(second));
        expect(lines.value[0]?.state).toBe(states[higher]);
      }
  });

  it('stands in the order of the log, what waits below', () => {
    merge([mine('waits', { at: '2026-03-02T08:00:00Z' }), theirs(9), theirs(3)]);
    merge([mine('said', { id: 'm5', position: 5, state: 'delivered' })]);
    expect(lines.value.map((one) => one.text)).toEqual(['3', 'said', '9', 'waits']);
  });

  it('counts as unread what an agent wrote behind the mark', () => {
    merge([theirs(3), theirs(9), mine('one', { position: 11 })]);
    expect([unread.value, newest.value]).toEqual([2, 9]);
    reads.value = { '': 3 };
    expect(unread.value).toBe(1);
  });

  it('counts what is unread apart for every Case', () => {
    merge([theirs(3, { case_id: 'a' }), theirs(4, { case_id: 'b' }), theirs(5, { case_id: 'b' })]);
    reads.value = { b: 4 };
    expect(unreadIn.value).toEqual({ a: 1, b: 1 });
    expect(unread.value).toBe(2);
  });
});

describe('matters', () => {
  it('become the Case their first line arrived in, and the screen stays with them', () => {
    place.value = { at: 'case', of: 'm' };
    merge([mine('one', { matter: 'm' }), mine('two', { matter: 'm' })]);
    merge([mine('one', { id: '1', position: 1, case_id: 'c', state: 'delivered' })]);
    expect(place.value.of).toBe('c');
    expect(lines.value.map(caseOf)).toEqual(['c', 'c']);
  });

  it('stand in the order in which they were spoken of, those on their way among them', () => {
    learn([
      {
        ...{ id: 'old', reference: '', state: 'open', title: 'old', unread: 0, read: 0, agent: '' },
        ...{ wait: null, ratable: false, score: null },
        last: { text: 'x', from: 'me', at: '2026-03-01T09:00:00Z' },
      },
    ]);
    merge([mine('fresh', { matter: 'new' })]);
    expect(matters.value.map((one) => one.id)).toEqual(['new', 'old']);
    merge([theirs(9, { case_id: 'old', at: '2026-03-03T09:00:00Z' })]);
    expect(matters.value.map((one) => one.id)).toEqual(['old', 'new']);
  });
});
