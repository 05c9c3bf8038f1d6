// Taking changes of a Case back: refused when somebody changed the same since; waiting again as before.

import { ApiProblem } from '@api/problem';
import type { Case } from '@api/types';

export type CaseFields = Partial<Pick<Case, 'title' | 'priority' | 'tags'>>;

/** The move by which a Case that was opened again waits once more. */
export const WAITED: Partial<Record<Case['state'], string>> = {
  wait_customer: 'ask',
  wait_third_party: 'refer',
};

const alike = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** The fields in which two states of a Case differ. */
export const differing = (
  was: Case,
  now: Case,
  fields: readonly (keyof CaseFields)[],
): (keyof CaseFields)[] => fields.filter((field) => !alike(was[field], now[field]));

/** Refuses to take a change back when somebody has changed the same thing since. */
export function unchanged(now: Case, set: Case, fields: readonly (keyof CaseFields)[]): void {
  if (differing(now, set, fields).length > 0)
    throw new ApiProblem({ status: 409, code: 'case.version', title: '' });
}
