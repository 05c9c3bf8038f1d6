// What of a macro can be taken back: fields, hands, sleep, the end; words stay where they were written.

import type { Client } from '@api/client';
import type { Case, MacroStep, Message, WorkItem } from '@api/types';
import { differing, unchanged, WAITED } from '@agent/parts/caseBack';

export interface Ran {
  case: Case;
  messages: Message[];
  work_items: WorkItem[];
}

/** A Case and its work as they were before. */
export interface Before {
  case: Case;
  work_items: readonly WorkItem[];
}

export interface WayBack {
  /** Last step first; nothing when nothing changed or it cannot be taken back. */
  back: ((calls: Client, now: Case) => Promise<Case | undefined>) | undefined;
  /** Which words say it: undo leaves a note, or nothing of it can be taken back. */
  words: 'macro.ran' | 'macro.ran_note' | 'macro.ran_final';
}

type Step = (calls: Client, now: Case) => Promise<{ case?: Case } | Case | undefined | void>;

/** Back into the queue, and to whoever had it. */
function hands(was: WorkItem, is: WorkItem, asleep: boolean): Step[] {
  const post =
    (verb: string, body?: unknown): Step =>
    (calls) =>
      calls.post(`/v1/work_items/${is.id}/${verb}`, { body });
  const moved = was.queue_id !== is.queue_id;
  const given = !asleep && is.agent_id !== null && was.agent_id !== is.agent_id;
  const steps: Step[] = [];
  if (given && was.agent_id && !moved) steps.push(post('assign', { agent_id: was.agent_id }));
  else if (given) steps.push(post('return'));
  if (moved) steps.push(post('take_back'));
  return steps;
}

function reopened(was: Case): Step[] {
  const move =
    (name: string, more: Record<string, unknown> = {}): Step =>
    (calls) =>
      calls.post(`/v1/cases/${was.id}/moves`, { body: { move: name, ...more } });
  const waited = WAITED[was.state];
  const again = waited ? [move(waited, { due_at: was.due_at ?? undefined })] : [];
  return [move('reopen'), ...again];
}

function fields(was: Case, is: Case): Step[] {
  const names = differing(was, is, ['tags', 'priority']);
  if (names.length === 0) return [];
  const body = Object.fromEntries(names.map((name) => [name, was[name]]));
  const set: Step = (calls, now) => {
    unchanged(now, is, names);
    return calls.patch(`/v1/cases/${was.id}`, { body });
  };
  return [set];
}

/** How to take a macro back that has run; ``me`` = who ran it. */
export function wayBack(
  before: Before,
  ran: Ran,
  steps: readonly MacroStep[],
  me: string,
): WayBack {
  const did = new Set(steps.map((step) => step.do));
  const answered = did.has('reply'); // it has a way back of its own, and ends the Case when it leaves
  const final = (): WayBack => ({
    back: undefined,
    words: answered ? 'macro.ran' : 'macro.ran_final',
  });
  const solved = did.has('solve') && !answered && ran.case.state !== before.case.state;
  const is = ran.work_items[0];
  const was = before.work_items.find((one) => one.id === is?.id);
  if (solved && (did.has('queue') || did.has('assign'))) return final();
  const back: Step[] = solved ? reopened(before.case) : [];
  if (did.has('snooze') && !before.case.snooze) {
    const mine = was?.agent_id === me && was.queue_id === is?.queue_id;
    const query = mine ? { take: 'true' } : {};
    back.push((calls) => calls.delete(`/v1/cases/${before.case.id}/snooze`, { query }));
  } else if (did.has('snooze')) return final();
  if (is && was && !solved) back.push(...hands(was, is, did.has('snooze')));
  back.push(...fields(before.case, ran.case));
  if (back.length === 0) return did.has('note') ? final() : { back: undefined, words: 'macro.ran' };
  return {
    back: async (calls, now) => {
      let last: Case | undefined;
      for (const step of back) {
        const told = await step(calls, now);
        if (told) last = 'reference' in told ? told : (told.case ?? last);
      }
      return last;
    },
    words: did.has('note') ? 'macro.ran_note' : 'macro.ran',
  };
}
