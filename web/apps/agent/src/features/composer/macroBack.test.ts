// What of a macro can be taken back, told by what it did and what was before.

import { describe, expect, it } from 'vitest';
import type { Client } from '@api/client';
import type { Case, MacroStep, WorkItem } from '@api/types';
import { wayBack, type Ran } from './macroBack';

const found = (more: Partial<Case> = {}): Case =>
  ({ id: 'c', reference: 'CA 1', state: 'open', tags: [], priority: 'normal', ...more }) as Case;
const work = (more: Partial<WorkItem> = {}): WorkItem =>
  ({ id: 'w', case_id: 'c', state: 'in_work', agent_id: 'me', queue_id: 'q', ...more }) as WorkItem;

/** The calls a way back makes, in their order. */
async function calls(
  steps: MacroStep[],
  [was, is]: [Case, Case],
  [had, has]: [WorkItem, WorkItem] = [work(), work()],
  now = is,
): Promise<string[]> {
  const made: string[] = [];
  const told = (verb: string) => (path: string, options?: { body?: unknown; query?: unknown }) => {
    const given = options?.body ?? options?.query;
    made.push(`${verb} ${path}${given ? ` ${JSON.stringify(given)}` : ''}`);
    return Promise.resolve(undefined);
  };
  const client = { post: told('POST'), patch: told('PATCH'), delete: told('DELETE') };
  const ran: Ran = { case: is, messages: [], work_items: [has] };
  const { back } = wayBack({ case: was, work_items: [had] }, ran, steps, 'me');
  await back?.(client as unknown as Client, now);
  return made;
}

describe('a macro', () => {
  it('gives back tags and priority as they were', async () => {
    const is = found({ tags: ['late'], priority: 'high' });
    const steps: MacroStep[] = [
      { do: 'tag', add: ['late'] },
      { do: 'priority', to: 'high' },
    ];
    expect(await calls(steps, [found(), is])).toEqual([
      'PATCH /v1/cases/c {"tags":[],"priority":"normal"}',
    ]);
    const other = found({ tags: ['late', 'vip'], priority: 'high' });
    await expect(calls(steps, [found(), is], undefined, other)).rejects.toThrow();
  });

  it('is undone last step first: awake, back from the queue', async () => {
    const steps: MacroStep[] = [
      { do: 'queue', queue_id: 'q2' },
      { do: 'snooze', hours: 24 },
    ];
    const has = work({ queue_id: 'q2', state: 'parked', agent_id: null });
    expect(await calls(steps, [found(), found()], [work(), has])).toEqual([
      'DELETE /v1/cases/c/snooze {}',
      'POST /v1/work_items/w/take_back',
    ]);
  });

  it('that ended the Case opens it again, waiting as before', async () => {
    const was = found({ state: 'wait_customer', due_at: '2026-12-01' });
    expect(await calls([{ do: 'solve' }], [was, found({ state: 'solved' })])).toEqual([
      'POST /v1/cases/c/moves {"move":"reopen"}',
      'POST /v1/cases/c/moves {"move":"ask","due_at":"2026-12-01"}',
    ]);
  });

  it('gives work it took back to its queue', async () => {
    const had = work({ state: 'waiting', agent_id: null });
    expect(await calls([{ do: 'assign', to: 'me' }], [found(), found()], [had, work()])).toEqual([
      'POST /v1/work_items/w/return',
    ]);
  });

  it.each<[MacroStep[], Case, string]>([
    [[{ do: 'note', text: 'x' }], found(), 'macro.ran_final'],
    [[{ do: 'reply', bodies: {} }, { do: 'solve' }], found(), 'macro.ran'],
    [
      [
        { do: 'tag', add: ['a'] },
        { do: 'note', text: 'x' },
      ],
      found({ tags: ['a'] }),
      'macro.ran_note',
    ],
    [
      [{ do: 'queue', queue_id: 'q2' }, { do: 'solve' }],
      found({ state: 'solved' }),
      'macro.ran_final',
    ],
    [[{ do: 'tag', add: ['a'] }], found(), 'macro.ran'],
  ])('says what stays (%#)', (steps, is, words) => {
    const ran: Ran = { case: is, messages: [], work_items: [work()] };
    expect(wayBack({ case: found(), work_items: [work()] }, ran, steps, 'me').words).toBe(words);
  });
});
