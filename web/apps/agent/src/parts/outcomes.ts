// How work can end, as choices.

import { useTranslation } from 'react-i18next';
import { useLanguage, useSetup } from '@agent/data/hooks';

export function useOutcomes(): { value: string; label: string }[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const { dispositions } = useSetup();
  return [
    { value: '', label: t('solve.no_disposition') },
    ...dispositions.map((one) => ({
      value: one.code,
      label:
        one.name?.[language] ??
        t(`disposition.${one.code}`, { defaultValue: one.code.replaceAll('_', ' ') }),
    })),
  ];
}
