// One tree of all, any, not and comparisons: the client's evaluator; the twin of domain/filter.py.

import { fold } from './fold';
import { moment, span } from './moment';

export type Value = string | boolean | readonly string[];
export interface Compare {
  field: string;
  op: string;
  value?: Value;
}
export type Filter =
  { all: readonly Filter[] } | { any: readonly Filter[] } | { not: Filter } | Compare;

/** What a Case is for a filter; moments in ISO, ids as text. */
export interface Facts {
  state: string;
  priority: string;
  tier: string;
  department: string;
  customer: string;
  owner: string | null;
  language: string | null;
  queue: readonly string[];
  agent: readonly string[];
  channel: readonly string[];
  tags: readonly string[];
  unread: boolean;
  help: boolean;
  snoozed: boolean;
  opened_at: string;
  last_at: string;
  due_at: string | null;
  text: readonly string[];
}

export interface Context {
  /** Milliseconds of the server's clock. */
  now: number;
  me: string;
  zone: string;
}

export type Kind =
  | 'choice'
  | 'rank'
  | 'word'
  | 'words'
  | 'id'
  | 'ids'
  | 'person'
  | 'persons'
  | 'flag'
  | 'moment'
  | 'span'
  | 'text';

/** Field → its kind; the words of choices and ranks stand in WORDS. */
export const FIELDS: Readonly<Record<string, Kind>> = {
  state: 'choice',
  priority: 'rank',
  tier: 'rank',
  department: 'id',
  queue: 'ids',
  owner: 'person',
  agent: 'persons',
  customer: 'id',
  channel: 'words',
  language: 'word',
  tags: 'words',
  unread: 'flag',
  help: 'flag',
  snoozed: 'flag',
  opened_at: 'moment',
  last_at: 'moment',
  due_at: 'moment',
  age: 'span',
  text: 'text',
};

export const WORDS: Readonly<Record<string, readonly string[]>> = {
  state: ['open', 'wait_customer', 'wait_third_party', 'solved', 'closed', 'merged', 'discarded'],
  priority: ['low', 'normal', 'high', 'critical'],
  tier: ['standard', 'priority', 'vip'],
};

const EQUAL = ['is', 'is_not', 'in', 'not_in'] as const;
const EMPTY = ['empty', 'not_empty'] as const;

export const OPERATORS: Readonly<Record<Kind, readonly string[]>> = {
  choice: EQUAL,
  rank: [...EQUAL, 'at_least', 'at_most'],
  word: [...EQUAL, ...EMPTY],
  words: [...EQUAL, ...EMPTY],
  id: EQUAL,
  ids: [...EQUAL, ...EMPTY],
  person: [...EQUAL, ...EMPTY],
  persons: [...EQUAL, ...EMPTY],
  flag: ['is'],
  moment: ['before', 'after', ...EMPTY],
  span: ['at_least', 'at_most'],
  text: ['contains', 'not_contains'],
};

const POSITIVE = new Set(['is', 'in', 'contains', 'empty']);

function wanted(test: Compare, kind: Kind, context: Context): readonly string[] {
  const given = Array.isArray(test.value)
    ? (test.value as readonly string[])
    : [String(test.value)];
  if (kind !== 'person' && kind !== 'persons') return given;
  return given.map((one) => (one === 'me' ? context.me : one));
}

function border(test: Compare, kind: Kind, context: Context): number {
  const text = String(test.value);
  if (kind === 'span') return context.now - (span(text) ?? 0);
  return moment(text, context.now, context.zone);
}

function ranked(test: Compare, value: string): boolean {
  const words = WORDS[test.field] ?? [];
  const [asked, had] = [words.indexOf(String(test.value)), words.indexOf(value)];
  return test.op === 'at_least' ? had >= asked : had <= asked;
}

function one(test: Compare, kind: Kind, value: string | null, context: Context): boolean {
  const positive = POSITIVE.has(test.op);
  if (test.op === 'empty' || test.op === 'not_empty') return (value === null) === positive;
  if (test.op === 'at_least' || test.op === 'at_most') return value !== null && ranked(test, value);
  return (value !== null && wanted(test, kind, context).includes(value)) === positive;
}

function many(test: Compare, kind: Kind, value: readonly string[], context: Context): boolean {
  const positive = POSITIVE.has(test.op);
  if (test.op === 'empty' || test.op === 'not_empty') return (value.length === 0) === positive;
  const asked = wanted(test, kind, context);
  return value.some((had) => asked.includes(had)) === positive;
}

function when(test: Compare, kind: Kind, value: string | null, context: Context): boolean {
  if (test.op === 'empty' || test.op === 'not_empty') {
    return (value === null) === (test.op === 'empty');
  }
  if (value === null) return false;
  const at = Date.parse(value);
  const edge = border(test, kind, context);
  if (test.op === 'before') return at < edge;
  return test.op === 'at_least' ? at <= edge : at >= edge;
}

function words(test: Compare, value: readonly string[]): boolean {
  const asked = fold(String(test.value));
  return value.some((had) => fold(had).includes(asked)) === POSITIVE.has(test.op);
}

function compare(test: Compare, facts: Facts, context: Context): boolean {
  const kind = FIELDS[test.field];
  if (!kind) return false;
  const name = (test.field === 'age' ? 'opened_at' : test.field) as keyof Facts;
  const value = facts[name];
  switch (kind) {
    case 'flag':
      return value === test.value;
    case 'text':
      return words(test, facts.text);
    case 'moment':
    case 'span':
      return when(test, kind, value as string | null, context);
    case 'words':
    case 'ids':
    case 'persons':
      return many(test, kind, value as readonly string[], context);
    default:
      return one(test, kind, value as string | null, context);
  }
}

export function holds(filter: Filter, facts: Facts, context: Context): boolean {
  if ('field' in filter) return compare(filter, facts, context);
  if ('all' in filter) return filter.all.every((part) => holds(part, facts, context));
  if ('any' in filter) return filter.any.some((part) => holds(part, facts, context));
  return !holds(filter.not, facts, context);
}

/** True when time alone can change the answer: such lists are judged again as it passes. */
export function timely(filter: Filter): boolean {
  if ('all' in filter) return filter.all.some(timely);
  if ('any' in filter) return filter.any.some(timely);
  if ('not' in filter) return timely(filter.not);
  const kind = FIELDS[filter.field];
  return kind === 'span' || (kind === 'moment' && /^[a-z]/.test(String(filter.value ?? '')));
}
