// A process as it is designed on the screen: steps beside the one above, spans in units people say.

import type { FormField, StepKind, StepPlan, Titles } from '@api/types';
import { worded } from '@i18n/format';
import { tidiedActions, type EventAction } from './eventModel';

/**
 * A step on the screen: whether it runs beside the one above stands for the name of a group; its
 * title as the reader sees it, and by language.
 */
export interface Step extends Omit<StepPlan, 'group' | 'title' | 'do' | 'say'> {
  beside: boolean;
  title: string;
  titles: Titles;
  say: { snippet: string } | { text: Titles } | null;
  do: EventAction[];
}

export const KINDS: readonly StepKind[] = [
  'work',
  'approval',
  'wait_customer',
  'wait_third_party',
  'timer',
  'send',
  'system',
  'close',
];
export const worked = (kind: StepKind): boolean => kind === 'work' || kind === 'approval';
export const acts = (kind: StepKind): boolean => kind === 'send' || kind === 'system';
export const waits = (kind: StepKind): boolean =>
  kind === 'timer' || kind === 'wait_customer' || kind === 'wait_third_party';

const EMPTY: Step = {
  ...{ key: '', title: '', kind: 'work', queue: null, requirements: [], target_s: null },
  ...{ checklist: [], form: [], enter_if: '', next: [], on_reject: null, beside: false },
  ...{ join: 'all', approvals: 1, wait_s: null, titles: {}, say: null, do: [] },
};

/** A title as it travels: one for all, or by language. */
function travelling({ title, titles }: Pick<Step, 'title' | 'titles'>): string | Titles {
  const said = Object.entries(titles).filter(([, words]) => words.trim() !== '');
  if (said.length > 1) return Object.fromEntries(said);
  return said[0]?.[1] ?? title;
}

export const freshStep = (queue: string | null): Step => ({ ...EMPTY, queue });

/** A key out of words: small Latin letters, digits, underscores; never one that is taken. */
export function keyOf(title: string, taken: readonly string[], fallback = 'step'): string {
  const plain = title
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/ł/g, 'l')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 36);
  const stem = plain || fallback;
  let key = stem;
  for (let number = 2; taken.includes(key); number += 1) key = `${stem}_${number}`;
  return key;
}

export function onScreen(plans: readonly StepPlan[], language = 'en'): Step[] {
  return plans.map(({ group, title, ...plan }, at) => ({
    ...EMPTY,
    ...plan,
    title:
      typeof title === 'string'
        ? title
        : worded(language, title, Object.values(title).find(Boolean) ?? ''),
    titles: typeof title === 'string' ? { [language]: title } : title,
    say: plan.say ?? null,
    do: [...(plan.do ?? [])] as EventAction[],
    beside: at > 0 && group !== '' && group !== undefined && plans[at - 1]?.group === group,
  }));
}

/** As the server keeps it: steps beside each other share a group and how they are joined. */
export function asPlans(steps: readonly Step[]): StepPlan[] {
  const plans: StepPlan[] = [];
  steps.forEach(({ beside, titles, ...step }, at) => {
    const before = plans[at - 1];
    const follows = steps[at + 1]?.beside === true;
    const together = beside && before !== undefined;
    const group = together ? before.group : follows ? `with_${step.key}`.slice(0, 40) : '';
    const title = travelling({ title: step.title, titles });
    const acted = {
      say: step.kind === 'send' ? step.say : null,
      do: step.kind === 'system' ? tidiedActions(step.do) : [],
    };
    plans.push({ ...step, ...acted, title, group, join: together ? before.join : step.join });
  });
  return plans;
}

/** A step that may be left out of what is sent: its place, its name, what it refers to. */
export function without(steps: readonly Step[], at: number): Step[] {
  const gone = steps[at]?.key;
  return steps
    .filter((_, number) => number !== at)
    .map((step, number) => ({
      ...step,
      beside: number > 0 && step.beside,
      on_reject: step.on_reject === gone ? null : step.on_reject,
      next: step.next.filter((way) => way.to !== gone),
    }));
}

/** Ways back that lead ahead after a move are taken away. */
export function inOrder(steps: readonly Step[]): Step[] {
  const place = new Map(steps.map((step, at) => [step.key, at]));
  return steps.map((step, at) => ({
    ...step,
    beside: at > 0 && step.beside,
    on_reject: step.on_reject && (place.get(step.on_reject) ?? at) <= at ? step.on_reject : null,
  }));
}

const plain = (steps: readonly Step[]): string => JSON.stringify(asPlans(steps));
export const same = (a: readonly Step[], b: readonly Step[]): boolean => plain(a) === plain(b);

export interface Changes {
  added: string[];
  removed: string[];
  changed: string[];
  moved: boolean;
}

/** What publishing would change, by the titles of the steps. */
export function changes(before: readonly Step[], after: readonly Step[]): Changes {
  const was = new Map(asPlans(before).map((one) => [one.key, one]));
  const now = new Map(asPlans(after).map((one) => [one.key, one]));
  const kept = [...now.keys()].filter((key) => was.has(key));
  const order = [...was.keys()].filter((key) => now.has(key));
  const called = new Map([...before, ...after].map((one) => [one.key, one.title]));
  const title = (key: string): string => called.get(key) ?? key;
  return {
    added: [...now.keys()].filter((key) => !was.has(key)).map(title),
    removed: [...was.keys()].filter((key) => !now.has(key)).map(title),
    changed: kept
      .filter((key) => JSON.stringify(was.get(key)) !== JSON.stringify(now.get(key)))
      .map(title),
    moved: kept.join() !== order.join(),
  };
}

export type Unit = 'minutes' | 'hours' | 'days';
const SECONDS: Record<Unit, number> = { minutes: 60, hours: 3_600, days: 86_400 };

/** Seconds in the largest unit that says them whole. */
export function inUnit(seconds: number | null): { amount: string; unit: Unit } {
  if (!seconds) return { amount: '', unit: 'hours' };
  const unit = (['days', 'hours'] as const).find((one) => seconds % SECONDS[one] === 0);
  const found = unit ?? 'minutes';
  return { amount: String(Math.max(1, Math.round(seconds / SECONDS[found]))), unit: found };
}

export function inSeconds(amount: string, unit: Unit): number | null {
  const number = Number(amount.replace(',', '.'));
  return amount.trim() !== '' && Number.isFinite(number) && number > 0
    ? Math.max(1, Math.round(number * SECONDS[unit]))
    : null;
}

/** Options of a choice as people write them: one a line. */
export const optionsOf = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];

function says({ say }: Step): boolean {
  if (!say) return false;
  return 'snippet' in say ? say.snippet !== '' : Object.values(say.text).some((one) => one.trim());
}

/** Whether a step says all it must. */
export function ready(step: Step): boolean {
  if (step.title.trim() === '') return false;
  if ((worked(step.kind) || acts(step.kind)) && !step.queue) return false;
  if (step.kind === 'send' && !says(step)) return false;
  if (step.kind === 'system' && step.do.length === 0) return false;
  if (waits(step.kind) && !step.wait_s) return false;
  const field = (one: FormField): boolean =>
    one.label.trim() !== '' && (one.type !== 'choice' || one.options.length > 0);
  return step.form.every(field) && step.checklist.every((one) => one.title.trim() !== '');
}
