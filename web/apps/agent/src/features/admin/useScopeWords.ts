// What a scope names, in words: segments, queues, departments, accounts, channels.

import { useTranslation } from 'react-i18next';
import { useSetup } from '@agent/data/hooks';
import { CHANNELS } from '@agent/parts/channels';
import { useRowsOf } from './list';
import type { Scope, ScopeKey } from './targetModel';

interface Choice {
  value: string;
  label: string;
}

const TIERS = ['standard', 'priority', 'vip'];

/** Keys whose values are written, not chosen. */
export const WRITTEN: readonly ScopeKey[] = ['products', 'kinds', 'customers'];

export function useScopeWords() {
  const { t } = useTranslation();
  const { queues, departments } = useSetup();
  const accounts = useRowsOf<{ id: string; name: string }>('/v1/channel_accounts');
  const named = (rows: readonly { id: string; name: string }[]): Choice[] =>
    rows.map((one) => ({ value: one.id, label: one.name }));
  const choices = (key: ScopeKey): Choice[] => {
    if (key === 'tiers') return TIERS.map((value) => ({ value, label: t(`tier.${value}`) }));
    if (key === 'channels') {
      return CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }));
    }
    if (key === 'queues') return named(queues);
    if (key === 'departments') return named(departments);
    return key === 'accounts' ? named(accounts.rows) : [];
  };
  const values = (key: ScopeKey, list: readonly string[]): string => {
    if (key === 'customers') return t('targets.customers', { count: list.length });
    const known = new Map(choices(key).map((one) => [one.value, one.label]));
    return list.map((one) => known.get(one) ?? one).join(', ');
  };
  const inWords = (scope: Scope): string => {
    const parts = (Object.entries(scope) as [ScopeKey, string[]][])
      .filter(([, list]) => list.length > 0)
      .map(([key, list]) => `${t(`targets.scope.${key}`)}: ${values(key, list)}`);
    return parts.length > 0 ? parts.join(' · ') : t('targets.everything');
  };
  return { choices, inWords };
}
