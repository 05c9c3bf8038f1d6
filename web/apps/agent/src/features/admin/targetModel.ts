// A promise as it is set up: for whom, which targets; durations as people write them.

export type ScopeKey =
  'customers' | 'products' | 'tiers' | 'kinds' | 'queues' | 'accounts' | 'departments' | 'channels';
export type Scope = Partial<Record<ScopeKey, string[]>>;

/** What can be promised, in the order it is shown. */
export const PROMISED = [
  'acknowledge',
  'first_response',
  'next_response',
  'update_every',
  'resolution',
  'step',
] as const;
export type Promised = (typeof PROMISED)[number];

/** What a scope may name, the closest first; channels only narrow. */
export const SCOPE_KEYS: readonly ScopeKey[] = [
  'products',
  'tiers',
  'kinds',
  'queues',
  'accounts',
  'departments',
  'channels',
];

export interface PolicyRow {
  id: string;
  version: number;
  name: string;
  rank: number;
  active: boolean;
  scope: Scope;
  targets: Record<string, number>;
  pauses: string[];
  warn_pct: number;
  on_change: string;
  calendar_id: string | null;
  escalation_id: string | null;
}

export interface Loser {
  id: string | null;
  name: string;
  level: string;
  target_ms: number;
  why: string;
}

export interface Won {
  type: string;
  policy: { id: string; name: string } | null;
  level: string;
  target_s: number;
  losers: Loser[];
}

export type Unit = 'min' | 'h' | 'd';
export const UNIT_S: Record<Unit, number> = { min: 60, h: 3600, d: 86_400 };

export interface Span {
  amount: string;
  unit: Unit;
}

/** The largest unit that leaves no rest. */
export function spanOf(seconds: number | undefined): Span {
  if (!seconds) return { amount: '', unit: 'h' };
  const unit = (['d', 'h'] as const).find((one) => seconds % UNIT_S[one] === 0) ?? 'min';
  return { amount: String(Math.round((seconds / UNIT_S[unit]) * 100) / 100), unit };
}

/** Seconds, undefined when nothing stands there, NaN when it is no amount. */
export function secondsOf({ amount, unit }: Span): number | undefined {
  const text = amount.trim().replace(',', '.');
  if (text === '') return undefined;
  const seconds = Math.round(Number(text) * UNIT_S[unit]);
  return seconds > 0 && seconds <= 31_536_000 ? seconds : Number.NaN;
}

export interface PolicyDraft {
  name: string;
  active: boolean;
  scope: Scope;
  targets: Record<Promised, Span>;
  pauses: string[];
  warn: string;
  on_change: string;
  calendar_id: string;
  escalation_id: string;
}

export const draftOf = (row: PolicyRow | undefined): PolicyDraft => ({
  name: row?.name ?? '',
  active: row?.active ?? true,
  scope: row?.scope ?? {},
  targets: Object.fromEntries(
    PROMISED.map((one) => [one, spanOf(row?.targets[`${one}_s`])]),
  ) as Record<Promised, Span>,
  pauses: row?.pauses ?? ['wait_customer', 'wait_third_party'],
  warn: String(row?.warn_pct ?? 75),
  on_change: row?.on_change ?? 'stricter',
  calendar_id: row?.calendar_id ?? '',
  escalation_id: row?.escalation_id ?? '',
});

const wanted = (draft: PolicyDraft): [Promised, number][] =>
  PROMISED.flatMap((one): [Promised, number][] => {
    const seconds = secondsOf(draft.targets[one]);
    return seconds === undefined ? [] : [[one, seconds]];
  });

export function ready(draft: PolicyDraft): boolean {
  const targets = wanted(draft);
  const warn = Number(draft.warn);
  return (
    draft.name.trim() !== '' &&
    targets.length > 0 &&
    targets.every(([, seconds]) => !Number.isNaN(seconds)) &&
    Number.isInteger(warn) &&
    warn >= 1 &&
    warn <= 99
  );
}

export const bodyOf = (draft: PolicyDraft): Record<string, unknown> => ({
  name: draft.name.trim(),
  active: draft.active,
  scope: Object.fromEntries(Object.entries(draft.scope).filter(([, list]) => list.length > 0)),
  targets: Object.fromEntries(wanted(draft).map(([one, seconds]) => [`${one}_s`, seconds])),
  pauses: draft.pauses,
  warn_pct: Number(draft.warn),
  on_change: draft.on_change,
  calendar_id: draft.calendar_id || null,
  escalation_id: draft.escalation_id || null,
});
