// A rule in words: its condition as a sentence, what it sets as short labels.

import type { TFunction } from 'i18next';
import type { Names } from '@agent/data/hooks';
import { FIELDS, read, type Clause } from './condition';
import type { Need, RuleLine } from './ruleModel';

function valueInWords(t: TFunction, clause: Clause, accounts: ReadonlyMap<string, string>): string {
  switch (clause.field) {
    case 'language':
    case 'customer_language':
      return t(`language.${clause.value}`, { defaultValue: clause.value });
    case 'channel':
      return t(`channel.${clause.value}`, { defaultValue: clause.value });
    case 'customer_tier':
      return t(`tier.${clause.value}`, { defaultValue: clause.value });
    case 'automated':
      return t(`rules.automated.${clause.value}`, { defaultValue: clause.value });
    case 'account':
      return accounts.get(clause.value) ?? clause.value;
    default:
      return clause.value;
  }
}

/** "Language is cs and Subject contains invoice"; an expression as it stands when rows cannot say it. */
export function conditionInWords(
  t: TFunction,
  when: string,
  accounts: ReadonlyMap<string, string>,
): { words: string; expression: boolean } {
  const condition = read(when);
  if (!condition) return { words: when, expression: true };
  if (condition.clauses.length === 0) return { words: t('rules.always'), expression: false };
  const parts = condition.clauses.map((clause) => {
    const field = t(`rules.of.${clause.field}`);
    const op = t(`rules.op.${clause.op}`);
    if (FIELDS[clause.field] === 'yes') return `${field}: ${op}`;
    return `${field} ${op} “${valueInWords(t, clause, accounts)}”`;
  });
  const sign = ` ${t(condition.join === 'all' ? 'rules.and' : 'rules.or')} `;
  return { words: parts.join(sign), expression: false };
}

export const needInWords = (t: TFunction, names: Names, need: Need): string =>
  t('why.skill', { skill: names.skill(need.skill), level: need.min_level });

/** What a rule sets, one label each. */
export function effects(t: TFunction, names: Names, rule: RuleLine): string[] {
  return [
    rule.queue ? `→ ${names.queue(rule.queue) || t('rules.queue_missing')}` : '',
    ...(rule.requirements ?? []).map((need) => needInWords(t, names, need)),
    rule.tier ? t(`tier.${rule.tier}`) : '',
    rule.urgency ? t(`rules.urgency.${rule.urgency}`) : '',
    rule.continue ? t('rules.goes_on') : '',
  ].filter(Boolean);
}
