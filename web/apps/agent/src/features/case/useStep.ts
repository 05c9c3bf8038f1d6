// What can be done with a step, as calls; what they answer goes into the store.

import { useTranslation } from 'react-i18next';
import type { Case, CaseStep, FormAnswer } from '@api/types';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import type { Workspace } from '@agent/data/workspace';

export type StepVerb = 'finish' | 'reject' | 'waive' | 'reopen';

interface Moved {
  case: Case;
  steps: CaseStep[];
}

export function takeSteps(store: Workspace['store'], answer: Moved): void {
  store.put('case', answer.case);
  store.putAll('case_step', answer.steps);
}

export interface StepActs {
  busy: boolean;
  move: (verb: StepVerb, reason?: string) => Promise<boolean>;
  tick: (check: string, done: boolean) => Promise<boolean>;
  answer: (field: string, value: FormAnswer | null) => Promise<boolean>;
}

export function useStep(step: CaseStep): StepActs {
  const { t } = useTranslation();
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const path = `/v1/case_steps/${step.id}`;
  const note = (body: Record<string, unknown>): Promise<boolean> =>
    run(async () => store.put('case_step', await client.patch<CaseStep>(path, { body })));
  return {
    busy,
    move: (verb, reason = '') =>
      run(
        async () =>
          takeSteps(store, await client.post<Moved>(`${path}/${verb}`, { body: { reason } })),
        t(`steps.done.${verb}`, { name: step.title }),
      ),
    tick: (check, done) => note({ checklist: { [check]: done } }),
    answer: (field, value) => note({ answers: { [field]: value } }),
  };
}
