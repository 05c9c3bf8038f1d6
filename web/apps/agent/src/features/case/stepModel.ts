// What a screen reads out of the steps of a Case: the run that counts, what is missing, who may do what.

import type { CaseStep, StepState, WorkItem } from '@api/types';
import type { IconName } from '@ui/Icon';

const LIVE = new Set<StepState>(['active', 'waiting']);

export const isLive = (step: CaseStep): boolean => LIVE.has(step.state);
export const isOver = (step: CaseStep): boolean => !LIVE.has(step.state) && step.state !== 'todo';

/** The steps of the run that goes on, else of the newest; others lie behind. */
export function present(rows: readonly CaseStep[]): CaseStep[] {
  const runs = new Map<string, CaseStep[]>();
  for (const row of rows) runs.set(row.run_id, [...(runs.get(row.run_id) ?? []), row]);
  const all = [...runs.values()].sort((a, b) =>
    (a[0]?.run_id ?? '').localeCompare(b[0]?.run_id ?? ''),
  );
  const open = all.filter((run) => run.some((row) => isLive(row) || row.state === 'todo'));
  const shown = open.length > 0 ? open : all.slice(-1);
  return shown.flatMap((run) => run.sort((a, b) => a.position - b.position));
}

export interface Missing {
  checks: number;
  fields: number;
}

/** What is still to be ticked and answered before a step is finished. */
export function missing(step: CaseStep): Missing {
  const empty = step.form.filter((field) => {
    const given = step.answers[field.key];
    if (!field.required) return false;
    return given === undefined || given === '' || (field.type === 'check' && given !== true);
  });
  return { checks: step.checklist.filter((one) => !one.at).length, fields: empty.length };
}

export interface Actor {
  me: string;
  /** May write in the Case. */
  writes: boolean;
  /** Leads its department. */
  leads: boolean;
}

/** Whether somebody may note at a step and finish it: his own, nobody's, or as the lead. */
export function mayDo(work: WorkItem | undefined, actor: Actor): boolean {
  if (work?.agent_id === actor.me || actor.leads) return true;
  return !work?.agent_id && actor.writes;
}

export const MARK: Record<StepState, IconName | undefined> = {
  todo: undefined,
  active: 'right',
  waiting: 'clock',
  done: 'check',
  waived: 'out',
  rejected: 'close',
};

/** Whether a step runs beside the one before it. */
export const beside = (step: CaseStep, before: CaseStep | undefined): boolean =>
  step.group !== '' && before?.group === step.group && before.run_id === step.run_id;

/** A typed answer as it travels; undefined when it is no answer of this type yet. */
export function answerOf(type: string, text: string): string | number | null | undefined {
  const plain = text.trim();
  if (plain === '') return null;
  if (type !== 'number') return plain;
  const number = Number(plain.replace(/\s/g, '').replace(',', '.'));
  return Number.isFinite(number) ? number : undefined;
}
