// Reason codes of the server with their numbers, said in the language of the reader.

import type { TFunction } from 'i18next';
import type { Names } from '@agent/data/hooks';

type Facts = Record<string, unknown>;

const isFacts = (value: unknown): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** Why this agent: the facts of an Offer as short sentences. */
export function whyMe(why: Facts, t: TFunction, names: Names): string[] {
  const lines: string[] = [];
  const needs = Array.isArray(why.needs) ? why.needs.map(String) : [];
  for (const need of needs) {
    const [skill = '', level = ''] = need.split('>=');
    lines.push(t('why.skill', { skill: names.skill(skill), level }));
  }
  const agent = isFacts(why.agent) ? why.agent : {};
  if (number(agent.sticky) < 0) lines.push(t('why.sticky'));
  const counts = isFacts(why.counts) ? why.counts : {};
  if (number(counts.free) > 0) lines.push(t('why.free', { count: number(counts.free) }));
  if (why.side === 'agent_freed') lines.push(t('why.agent_freed'));
  if (why.side === 'arrival') lines.push(t('why.arrival'));
  return lines;
}

/** A code with its numbers; unknown codes are shown as they are, never hidden. */
export function reason(value: unknown, t: TFunction, names: Names): string {
  if (typeof value === 'string')
    return t(`why.${value}`, { defaultValue: value.replaceAll('_', ' '), count: 1 });
  if (!isFacts(value)) return String(value ?? '');
  const [code = ''] = String(value.code ?? value.reason ?? value.source ?? '').split(':');
  const named = (fact: unknown): unknown => {
    if (Array.isArray(fact)) return fact.map(named).join(' → ');
    const id = typeof fact === 'string' ? fact : '';
    return names.queue(id) || names.person(id) || fact;
  };
  const words = Object.fromEntries(Object.entries(value).map(([key, fact]) => [key, named(fact)]));
  if (!code) return JSON.stringify(words);
  return t(`why.${code}`, {
    ...words,
    count: number(value.count) || 1,
    defaultValue: code.replaceAll('_', ' '),
  });
}
