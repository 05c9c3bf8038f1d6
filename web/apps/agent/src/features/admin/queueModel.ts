// A queue as it is set up: what is sent of a form, times in minutes for people, seconds for the server.

import type { Queue, Texts } from '@api/types';
import { CHANNELS } from '@agent/parts/channels';
import type { Rung } from './ladderModel';
import { sent, type Overflow } from './overflowModel';
import type { Need } from './ruleModel';

type PerChannel<T> = Readonly<Record<string, T>>;
export interface Target {
  first_response_s?: number | null;
  resolution_s?: number | null;
}

export interface QueueRow extends Queue {
  auto_accept?: boolean;
  decline_allowed?: boolean;
  auto_ready?: boolean;
  miss_limits?: PerChannel<number>;
  miss_limit_all?: number;
  grace_s?: number;
  async_kept_s?: number;
  calendar_id?: string | null;
  sticky?: 'off' | 'prefer' | 'require';
  weight_milli?: number;
  offer_timeout_s?: PerChannel<number>;
  targets?: PerChannel<Target>;
  signature?: Texts | null;
  members?: { agent_id: string; rank: number }[];
  requirements?: Need[];
  ladder?: Rung[] | null;
  related?: string[];
  skip_if_nobody?: boolean;
  ordering?: string;
  reserve?: { agents: number } | null;
  max_waiting?: number | null;
  announce?: { position?: boolean; wait?: boolean };
  callback?: boolean;
  overflow_before?: Overflow[];
  overflow_after?: Overflow[];
}

export interface QueueDraft {
  name: string;
  department_id: string;
  channels: string[];
  delivery: string;
  auto_accept: boolean;
  decline_allowed: boolean;
  auto_ready: boolean;
  misses: PerChannel<string>;
  misses_all: string;
  grace_s: string;
  kept_min: string;
  reasons: string;
  calendar_id: string;
  wrap_up_s: string;
  disposition_required: boolean;
  sticky: string;
  weight: string;
  offers: PerChannel<string>;
  first: PerChannel<string>;
  whole: PerChannel<string>;
  signature: Texts | null;
  requirements: Need[];
  ladder: Rung[] | null;
  related: string[];
  skip_if_nobody: boolean;
  ordering: string;
  reserve: string;
  max_waiting: string;
  announce: { position: boolean; wait: boolean };
  callback: boolean;
  overflow_before: Overflow[];
  overflow_after: Overflow[];
}

const minutesOf = (seconds: number | null | undefined): string =>
  seconds ? String(Math.round((seconds / 60) * 100) / 100) : '';

const per = (value: (kind: string) => string): PerChannel<string> =>
  Object.fromEntries(CHANNELS.map((kind) => [kind, value(kind)]));

export const draftOf = (row: QueueRow | undefined, department: string): QueueDraft => ({
  name: row?.name ?? '',
  department_id: row?.department_id ?? department,
  channels: [...(row?.channels ?? [])],
  delivery: row?.delivery ?? 'push',
  auto_accept: row?.auto_accept ?? false,
  decline_allowed: row?.decline_allowed ?? true,
  auto_ready: row?.auto_ready ?? false,
  misses: per((kind) => String(row?.miss_limits?.[kind] ?? '')),
  misses_all: String(row?.miss_limit_all ?? 3),
  grace_s: String(row?.grace_s ?? 60),
  kept_min: row?.async_kept_s === 0 ? '0' : minutesOf(row?.async_kept_s ?? 900),
  reasons: (row?.decline_reasons ?? []).join(', '),
  calendar_id: row?.calendar_id ?? '',
  wrap_up_s: String(row?.wrap_up_s ?? 0),
  disposition_required: row?.disposition_required ?? false,
  sticky: row?.sticky ?? 'prefer',
  weight: String((row?.weight_milli ?? 1000) / 10),
  offers: per((kind) => String(row?.offer_timeout_s?.[kind] ?? '')),
  first: per((kind) => minutesOf(row?.targets?.[kind]?.first_response_s)),
  whole: per((kind) => minutesOf(row?.targets?.[kind]?.resolution_s)),
  signature: row?.signature ?? null,
  requirements: [...(row?.requirements ?? [])],
  ladder: row?.ladder ?? null,
  related: [...(row?.related ?? [])],
  skip_if_nobody: row?.skip_if_nobody ?? true,
  ordering: row?.ordering ?? 'score',
  reserve: row?.reserve ? String(row.reserve.agents) : '',
  max_waiting: row?.max_waiting ? String(row.max_waiting) : '',
  announce: {
    position: row?.announce?.position !== false,
    wait: row?.announce?.wait !== false,
  },
  callback: row?.callback ?? false,
  overflow_before: [...(row?.overflow_before ?? [])],
  overflow_after: [...(row?.overflow_after ?? [])],
});

const number = (text: string): number | undefined => {
  const value = Number(text.replace(',', '.'));
  return text.trim() === '' || !Number.isFinite(value) ? undefined : value;
};

const seconds = (minutes: string): number | undefined => {
  const value = number(minutes);
  return value === undefined ? undefined : Math.max(1, Math.round(value * 60));
};

const whole = (text: string, usual: number): number =>
  Math.max(0, Math.round(number(text) ?? usual));

/** What is sent of people who are away or do not answer. */
function absence(draft: QueueDraft): Record<string, unknown> {
  const limits = CHANNELS.flatMap((kind) => {
    const value = number(draft.misses[kind] ?? '');
    return value === undefined || value < 1 ? [] : [[kind, Math.round(value)] as const];
  });
  return {
    miss_limits: Object.fromEntries(limits),
    miss_limit_all: Math.max(1, whole(draft.misses_all, 3)),
    grace_s: whole(draft.grace_s, 60),
    async_kept_s: Math.round(Math.max(0, number(draft.kept_min) ?? 15) * 60),
  };
}

/** What is sent of overflow, and of what people are told who wait. */
function overflow(draft: QueueDraft): Record<string, unknown> {
  const most = number(draft.max_waiting);
  return {
    max_waiting: most === undefined ? null : Math.max(1, Math.round(most)),
    announce: draft.announce,
    callback: draft.callback,
    overflow_before: sent(draft.overflow_before),
    overflow_after: sent(draft.overflow_after),
  };
}

/** What the server is sent; an empty field leaves what is usual. */
export function bodyOf(draft: QueueDraft): Record<string, unknown> {
  const offers = CHANNELS.flatMap((kind) => {
    const value = number(draft.offers[kind] ?? '');
    return value === undefined ? [] : [[kind, Math.round(value)] as const];
  });
  const targets = CHANNELS.flatMap((kind) => {
    const first = seconds(draft.first[kind] ?? '');
    const whole = seconds(draft.whole[kind] ?? '');
    if (first === undefined && whole === undefined) return [];
    return [[kind, { first_response_s: first, resolution_s: whole }] as const];
  });
  const reserve = number(draft.reserve);
  const texts = Object.entries(draft.signature ?? {}).filter(([, text]) => text?.trim());
  return {
    name: draft.name,
    channels: draft.channels,
    delivery: draft.delivery,
    auto_accept: draft.auto_accept,
    decline_allowed: draft.decline_allowed,
    auto_ready: draft.auto_ready,
    ...absence(draft),
    decline_reasons: draft.reasons
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean),
    calendar_id: draft.calendar_id || null,
    wrap_up_s: Math.round(number(draft.wrap_up_s) ?? 0),
    disposition_required: draft.disposition_required,
    sticky: draft.sticky,
    weight_milli: Math.round((number(draft.weight) ?? 100) * 10),
    offer_timeout_s: Object.fromEntries(offers),
    targets: Object.fromEntries(targets),
    signature: texts.length > 0 ? Object.fromEntries(texts) : null,
    requirements: draft.requirements,
    ladder: draft.ladder,
    related: draft.related,
    skip_if_nobody: draft.skip_if_nobody,
    ordering: draft.ordering,
    reserve: reserve === undefined ? null : { agents: Math.max(0, Math.round(reserve)) },
    ...overflow(draft),
  };
}
