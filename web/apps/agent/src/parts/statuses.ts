// What a status is called, how it looks, and what it means per channel; those of the house included.

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Mode, PresenceStatus, Status } from '@api/types';
import { useLanguage, useSetup } from '@agent/data/hooks';

/** Set by the system, never chosen. */
const SET_FOR_US = new Set(['wrap_up', 'not_responding', 'reconnecting']);
const CLASS_OF: Record<string, string> = {
  callback: 'live',
  voice: 'live',
  chat: 'messaging',
};

/** What a matrix says about a channel: itself, else its class, else off. */
export const modeOf = (matrix: Readonly<Record<string, Mode>>, channel: string): Mode =>
  matrix[channel] ?? matrix[CLASS_OF[channel] ?? 'async'] ?? 'off';

export interface Statuses {
  /** Those a person chooses, in the order of the menu. */
  choices: readonly PresenceStatus[];
  name: (key: Status) => string;
  /** Classes of the dot beside the name. */
  dot: (key: Status) => string;
}

export function useStatuses(): Statuses {
  const { t } = useTranslation();
  const language = useLanguage();
  const { statuses } = useSetup();
  return useMemo(() => {
    const known = new Map(statuses.map((one) => [one.key, one]));
    return {
      choices: statuses.filter((one) => !SET_FOR_US.has(one.key)),
      name: (key) => {
        const words = known.get(key)?.name ?? {};
        const any = Object.values(words).find(Boolean) ?? key;
        return words[language] || t(`status.${key}`, { defaultValue: any });
      },
      dot: (key) => {
        const own = known.get(key);
        const tone = own && !own.built_in ? own.colour : undefined;
        return tone ? `status-dot status-tone-${tone}` : `status-dot status-${key}`;
      },
    };
  }, [statuses, language, t]);
}
