// What the fields of a customer are called, and how their values are said.

import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, supported } from '@i18n/index';

const ATTR = 'attrs.';

export function useFields(): {
  named: (field: string) => string;
  said: (field: string, value: string | null) => string;
} {
  const { t } = useTranslation();
  const names: Record<string, string> = {
    name: t('customer.name'),
    tier: t('customer.tier'),
    language: t('customer.language'),
  };
  const named = (field: string): string =>
    field.startsWith(ATTR) ? field.slice(ATTR.length) : (names[field] ?? field);
  const said = (field: string, value: string | null): string => {
    if (!value) return field === 'language' ? t('customer.language_unknown') : t('match.nothing');
    if (field === 'tier') return t(`tier.${value}`);
    const language = field === 'language' ? supported(value) : undefined;
    return language ? LANGUAGE_NAMES[language] : value;
  };
  return { named, said };
}
