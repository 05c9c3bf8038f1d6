// What a lever asks for, as a draft, and how it is sent and judged: no screen, no words.

import type {
  LeverDrain,
  LeverKind,
  LeverPreview,
  LeverTerms,
  LeverWaits,
  LeverWish,
} from '@api/lever';

export interface Draft {
  kind: LeverKind;
  /** `queue <id>`, `channel <kind>` or `tier <key>`. */
  place: string;
  agents: readonly string[];
  amount: number;
  /** Where overflow goes; '' = overflow is off. */
  to: string;
  /** Levels that count for who is lent, by skill. */
  skills: Readonly<Record<string, number>>;
  /** Where customers are sent while a channel is out of order; '' = nowhere. */
  other: string;
  drain: LeverDrain;
  seconds: number;
  reason: string;
}

export const FACTORS = [100, 200, 500, 800, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 8000, 10_000];
export const SPANS = [900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
export const TIERS = ['standard', 'priority', 'vip'] as const;

/** Kinds that move agents, and those that are of one queue. */
export const ofAgents = (kind: LeverKind): boolean => kind === 'lend' || kind === 'capacity';
export const placed = (kind: LeverKind): boolean => kind !== 'capacity';
export const ofChannel = (kind: LeverKind): boolean => kind === 'outage';
/** On or off is all there is to say. */
export const isSwitch = (kind: LeverKind): boolean => kind === 'hours' || kind === 'callback';

export function begun(terms: LeverTerms, place: string): Draft {
  return {
    kind: terms.kind,
    place,
    agents: [],
    amount: terms.usual,
    to: '',
    skills: {},
    other: '',
    drain: 'wait',
    seconds: terms.seconds,
    reason: '',
  };
}

/** Another kind keeps place, people and reason where it has them. */
export function turned(draft: Draft, terms: LeverTerms): Draft {
  const [what] = draft.place.split(' ');
  const fits = ofChannel(terms.kind)
    ? what === 'channel'
    : what === 'queue' || terms.kind === 'weight';
  const begin = begun(terms, fits ? draft.place : '');
  return { ...begin, agents: draft.agents, reason: draft.reason };
}

/** What is sent; undefined while something is missing. */
export function wishOf(draft: Draft): LeverWish | undefined {
  const [what, id] = draft.place.split(' ');
  const wish: LeverWish = { kind: draft.kind, seconds: draft.seconds };
  if (ofAgents(draft.kind)) {
    if (draft.agents.length === 0) return undefined;
    wish.agent_ids = [...draft.agents];
  }
  if (placed(draft.kind)) {
    if (!id) return undefined;
    if (what === 'queue') wish.queue_id = id;
    else if (what === 'channel') wish.channel = id;
    else wish.tier = id;
  }
  if (draft.kind === 'overflow') {
    if (draft.to === id) return undefined;
    return draft.to ? { ...wish, to_queue_id: draft.to, amount: draft.amount } : wish;
  }
  if (ofChannel(draft.kind))
    return { ...wish, drain: draft.drain, ...(draft.other ? { other_channel: draft.other } : {}) };
  if (draft.kind === 'lend' && Object.keys(draft.skills).length > 0) wish.skills = draft.skills;
  return draft.kind === 'pause' ? wish : { ...wish, amount: draft.amount };
}

/** The service level to come of what waits, in thousandths; undefined = nothing to judge. */
export const levelOf = (waits: LeverWaits): number | undefined =>
  waits.judged > 0 ? Math.round((waits.in_time * 1000) / waits.judged) : undefined;

/** What came while a lever was in force: the share in time, as the counters define it. */
export function levelOfSums(
  sums: Readonly<Record<string, number>>,
): { milli: number; n: number } | undefined {
  const of = (name: string): number => sums[name] ?? 0;
  const n = of('answered') + of('abandoned') - of('abandoned_short');
  return n > 0 ? { milli: Math.round((of('answered_within') * 1000) / n), n } : undefined;
}

export type Turn = 'better' | 'worse' | 'same';

const NOTICED_MS = 5000;

/** Whether what waits is served sooner: by what is left of it, else by how long it waits. */
export function turn(before: LeverPreview['before'], after: LeverPreview['after']): Turn {
  const left = after.left - before.left;
  if (left !== 0) return left < 0 ? 'better' : 'worse';
  const more = after.wait_ms - before.wait_ms;
  if (Math.abs(more) < NOTICED_MS) return 'same';
  return more < 0 ? 'better' : 'worse';
}

/** Queues whose waits change, those most of all first; the chosen one stands at the top. */
export function changedQueues(preview: LeverPreview, chosen: string): LeverPreview['queues'] {
  const moved = preview.queues.filter(
    (one) => one.queue_id === chosen || turn(one.before, one.after) !== 'same',
  );
  const size = (one: (typeof moved)[number]): number =>
    Math.abs(one.after.wait_ms - one.before.wait_ms) * one.waiting;
  return moved.sort(
    (a, b) => Number(b.queue_id === chosen) - Number(a.queue_id === chosen) || size(b) - size(a),
  );
}
