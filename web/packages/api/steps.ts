// Kinds of Cases, their processes, and the steps of a running one, exactly as they travel.

import type { Entity, Language } from './entities';

export type StepKind =
  | 'work'
  | 'approval'
  | 'wait_customer'
  | 'wait_third_party'
  | 'timer'
  | 'send'
  | 'system'
  | 'close';
/** A title by language; {} where it has one for all. */
export type Titles = Record<string, string>;
export type StepState = 'todo' | 'active' | 'waiting' | 'done' | 'waived' | 'rejected';

export interface FormField {
  key: string;
  label: string;
  type: 'text' | 'number' | 'choice' | 'date' | 'check';
  required: boolean;
  options: string[];
}

export type FormAnswer = string | number | boolean;

/** One step of the process a Case goes by. */
export interface CaseStep extends Entity {
  case_id: string;
  run_id: string;
  process_id: string;
  key: string;
  title: string;
  titles: Titles;
  kind: StepKind;
  state: StepState;
  state_since: string;
  /** Code: why it waits or was passed over. */
  why: string;
  /** A person's words: why it was rejected, waived, reopened. */
  reason: string;
  position: number;
  group: string;
  queue_id: string | null;
  approvals: number;
  approved: string[];
  checklist: { key: string; title: string; by: string | null; at: string | null }[];
  form: FormField[];
  answers: Record<string, FormAnswer>;
  rounds: number;
  owner_id: string | null;
  due_at: string | null;
  done_by: string | null;
  done_at: string | null;
  work_item_id: string | null;
}

/** A kind of Case; choosing it begins its process. */
export interface CaseKind {
  id: string;
  version: number;
  key: string;
  name: Partial<Record<Language, string>> & Record<string, string | undefined>;
  department_id: string | null;
  complaint: boolean;
  deadline: string | null;
  visibility: 'open' | 'sealed' | null;
}

/** One step of a process as it is designed. */
export interface StepPlan {
  key: string;
  title: string | Titles;
  kind: StepKind;
  queue: string | null;
  requirements: { skill: string; min_level: number; kind: string }[];
  target_s: number | null;
  checklist: { key: string; title: string }[];
  form: FormField[];
  enter_if: string;
  next: { to: string; if: string }[];
  on_reject: string | null;
  group: string;
  join: 'all' | 'any';
  approvals: number;
  wait_s: number | null;
  /** What a step sends: a snippet, or words by language. */
  say?: { snippet: string } | { text: Titles } | null;
  /** What a step of the system does, as event rules do. */
  do?: readonly unknown[];
}

/** A version of the process of a kind. */
export interface Process {
  id: string;
  kind_id: string;
  no: number;
  state: 'draft' | 'published' | 'retired';
  steps: StepPlan[];
  by_name: string | null;
  at: string;
  published_at: string | null;
  version: number;
  /** How many open Cases go by it. */
  running: number;
}
