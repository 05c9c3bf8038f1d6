// Overflow as it is set up: which facts may be asked before and while work waits, and in which measure.

import type { Texts } from '@api/types';

export interface Condition {
  fact: string;
  than?: number | null;
}

export interface Overflow {
  when: 'any' | 'all';
  conditions: Condition[];
  action: { do: string; queue_id?: string | null; text?: Texts | null };
}

export const RULES_MAX = 8;
export const BEFORE = [
  'closed',
  'nobody',
  'legal_missing',
  'wait_s',
  'waiting',
  'waiting_per_agent',
];
export const AFTER = ['waited_s', 'x', 'wait_s', 'closed', 'closes_in_s', 'nobody'];
export const DO_BEFORE = ['queue', 'callback', 'message', 'form'];
export const DO_AFTER = ['queue', 'callback'];

/** So much of the server's measure is one of what people type: minutes, per cent. */
const SCALE: Readonly<Record<string, number>> = {
  wait_s: 60,
  waited_s: 60,
  closes_in_s: 60,
  x: 0.01,
  waiting: 1,
  waiting_per_agent: 1,
};
const USUAL: Readonly<Record<string, number>> = { x: 80, waiting: 20, waiting_per_agent: 5 };

/** Facts that are so or not have no number. */
export const counted = (fact: string): boolean => fact in SCALE;

export const typed = (one: Condition): string => {
  const value = (one.than ?? 0) / (SCALE[one.fact] ?? 1);
  return String(Math.round(value * 100) / 100);
};

export const compared = (fact: string, text: string): Condition => {
  const value = Number(text.replace(',', '.'));
  const than = Number.isFinite(value) ? Math.max(0, value) * (SCALE[fact] ?? 1) : 0;
  return { fact, than: Math.round(than * 1000) / 1000 };
};

export const condition = (fact: string): Condition =>
  counted(fact) ? compared(fact, String(USUAL[fact] ?? 5)) : { fact };

export const rule = (facts: readonly string[], queue: string): Overflow => ({
  when: 'any',
  conditions: [condition(facts[0] ?? 'closed')],
  action: { do: 'queue', queue_id: queue || null },
});

/** Whether a rule says all that is needed. */
export const complete = (one: Overflow): boolean =>
  one.conditions.length > 0 && (one.action.do !== 'queue' || Boolean(one.action.queue_id));

/** What is sent: nothing that the action does not use. */
export const sent = (rules: readonly Overflow[]): Overflow[] =>
  rules.map(({ when, conditions, action }) => {
    const text: Texts = Object.fromEntries(
      Object.entries(action.text ?? {}).filter(([, words]) => words?.trim()),
    );
    const said = action.do !== 'queue' && Object.keys(text).length > 0;
    return {
      when,
      conditions,
      action: {
        do: action.do,
        ...(action.do === 'queue' && { queue_id: action.queue_id ?? null }),
        ...(said && { text }),
      },
    };
  });
