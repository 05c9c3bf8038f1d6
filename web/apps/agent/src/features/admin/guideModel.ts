// The guide as the server tells it, and what each step of it is handed.

export type StepName = 'account' | 'company' | 'data' | 'channel' | 'team' | 'test' | 'invite';

export interface GuideState {
  steps: { id: StepName; state: 'todo' | 'done' | 'skipped' }[];
  open: boolean;
  fresh: boolean;
  test: {
    stages: { id: string; at: string | null }[];
    case_id: string | null;
    queue: string | null;
    agent: string | null;
    answered: string | null;
  } | null;
}

export interface StepProps {
  guide: GuideState;
  /** Says that the step is done (or skipped) and goes on. */
  go: (state: 'done' | 'skipped') => void;
  reload: () => Promise<unknown>;
}
