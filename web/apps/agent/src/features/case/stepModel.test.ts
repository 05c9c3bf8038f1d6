// The model of the steps panel: which run is shown, what is missing, who may act, how numbers are typed.

import { expect, test } from 'vitest';
import type { CaseStep, WorkItem } from '@api/types';
import { answerOf, beside, mayDo, missing, present } from './stepModel';

const step = (more: Partial<CaseStep>): CaseStep => ({
  ...{ id: 'a', version: 1, case_id: 'c', run_id: 'r1', process_id: 'p', key: 'a', title: 'A' },
  ...{ kind: 'work', state: 'todo', state_since: '', why: '', reason: '', position: 0, group: '' },
  ...{ queue_id: null, approvals: 1, approved: [], checklist: [], form: [], answers: {} },
  ...{ rounds: 0, titles: {}, owner_id: null, due_at: null, done_by: null, done_at: null },
  ...{ work_item_id: null },
  ...more,
});

test('the run that goes on is shown, in its order; when none does, the newest', () => {
  const old = step({ id: 'x', run_id: 'r1', state: 'waived' });
  const rows = [
    old,
    step({ id: 'z', run_id: 'r2', position: 1 }),
    step({ id: 'y', run_id: 'r2', state: 'active' }),
  ];
  expect(present(rows).map((row) => row.id)).toEqual(['y', 'z']);
  expect(present([old, step({ id: 'w', run_id: 'r0', state: 'done' })])).toEqual([old]);
});

test('what is missing is counted: unticked checks, required answers, checks that must be ticked', () => {
  const field = { label: 'L', options: [], required: true };
  const found = step({
    checklist: [
      { key: 'a', title: 'A', by: null, at: null },
      { key: 'b', title: 'B', by: 'x', at: '2026-11-22' },
    ],
    form: [
      { ...field, key: 'n', type: 'number' },
      { ...field, key: 'ok', type: 'check' },
      { ...field, key: 'free', type: 'text', required: false },
    ],
    answers: { n: 0, ok: false },
  });
  expect(missing(found)).toEqual({ checks: 1, fields: 1 });
});

test('a step is done by whoever has it, by anybody who writes when nobody has, and by leads', () => {
  const held = (agent: string | null) => ({ agent_id: agent }) as WorkItem;
  const me = { me: 'me', writes: true, leads: false };
  expect(mayDo(held('me'), { ...me, writes: false })).toBe(true);
  expect(mayDo(held('you'), me)).toBe(false);
  expect(mayDo(held('you'), { ...me, leads: true })).toBe(true);
  expect(mayDo(held(null), me)).toBe(true);
  expect(mayDo(undefined, { ...me, writes: false })).toBe(false);
});

test('numbers are typed with comma or point and blanks; anything else is no answer', () => {
  expect(answerOf('number', '12 500,50')).toBe(12500.5);
  expect(answerOf('number', 'much')).toBeUndefined();
  expect(answerOf('text', ' so ')).toBe('so');
  expect(answerOf('date', '')).toBeNull();
});

test('steps of one group and run stand beside each other', () => {
  const a = step({ group: 'g' });
  expect(beside(step({ group: 'g' }), a)).toBe(true);
  expect(beside(step({ group: 'g', run_id: 'r9' }), a)).toBe(false);
  expect(beside(step({}), step({}))).toBe(false);
});
