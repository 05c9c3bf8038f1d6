// Rules as the server keeps them, and what it answers about them.

export interface Need {
  skill: string;
  min_level: number;
  kind: string;
  substitutes?: { skill: string; min_level: number }[];
}

export interface RuleLine {
  id: string;
  when: string;
  queue?: string | null;
  requirements?: Need[];
  tier?: string | null;
  urgency?: string | null;
  continue?: boolean;
}

export interface Fault {
  index: number;
  rule: string;
  code: string;
  field: string;
  line: number | null;
  column: number | null;
  length: number;
  names?: string[];
  detail?: string;
}

export interface RuleVersion {
  version: number;
  active_from: string;
  by_name: string | null;
  rules: RuleLine[];
}

interface Part {
  text: string;
  holds: boolean | null;
  facts: Record<string, unknown>;
}

export interface RuleVerdict {
  rule: string;
  outcome: 'matched' | 'not_matched' | 'error' | 'not_reached';
  join: string;
  parts: Part[];
}

export interface Seat {
  agent_id: string;
  code: string;
  rank: number;
  step: number | null;
  at: string | null;
  missing: string[];
  used: number;
  cap: number;
}

export interface Tried {
  rules: RuleVerdict[];
  why: { code: string };
  queue_id: string;
  queue_gone: boolean;
  department_id: string;
  tier: string;
  urgency: string;
  needs: Need[];
  target_s: number;
  due_at: string | null;
  open: boolean;
  opens_at: string | null;
  delivery: string;
  seats: Seat[];
  offer: { agent_id: string } | null;
  message: {
    address: string;
    name: string;
    known: boolean;
    tier: string;
    language: string;
    subject: string;
    text: string;
    automated: string;
  };
}

export interface DryRun {
  cases: number;
  more: boolean;
  queues: number;
  others: number;
  moves: { from: string; to: string; cases: number }[];
  hits: Record<string, number>;
  samples: {
    case_id: string;
    reference: string;
    title: string;
    from: string;
    to: string;
    rules: string[];
  }[];
}

/** What a saved rule and a changed one have in common must look the same: no empty members. */
export function tidy(rule: RuleLine): RuleLine {
  const kept: RuleLine = { id: rule.id, when: rule.when };
  if (rule.queue) kept.queue = rule.queue;
  if (rule.requirements && rule.requirements.length > 0) kept.requirements = rule.requirements;
  if (rule.tier) kept.tier = rule.tier;
  if (rule.urgency) kept.urgency = rule.urgency;
  if (rule.continue) kept.continue = true;
  return kept;
}

export const same = (a: readonly RuleLine[], b: readonly RuleLine[]): boolean =>
  JSON.stringify(a.map(tidy)) === JSON.stringify(b.map(tidy));

export interface RuleDiff {
  added: string[];
  removed: string[];
  changed: string[];
  moved: boolean;
}

/** What changed from one set to another, by the names of the rules. */
export function diff(before: readonly RuleLine[], after: readonly RuleLine[]): RuleDiff {
  const was = new Map(before.map((one) => [one.id, JSON.stringify(tidy(one))]));
  const now = new Map(after.map((one) => [one.id, JSON.stringify(tidy(one))]));
  const kept = [...now.keys()].filter((id) => was.has(id));
  const order = [...was.keys()].filter((id) => now.has(id));
  return {
    added: [...now.keys()].filter((id) => !was.has(id)),
    removed: [...was.keys()].filter((id) => !now.has(id)),
    changed: kept.filter((id) => was.get(id) !== now.get(id)),
    moved: kept.join('\n') !== order.join('\n'),
  };
}
