// Plain or rich: only where the channel carries rich text; the choice is remembered on this machine.

import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MenuItem } from '@ui/Menu';
import type { DraftState } from './useDraft';
import { loadRich } from './Words';

const KEPT = 'polyphony-rich';
const IDLE_MS = 2_000;

export function useRich(possible: boolean, draft: DraftState): { on: boolean; menu: MenuItem[] } {
  const { t } = useTranslation();
  const [wished, setWished] = useState(() => localStorage.getItem(KEPT) === '1');
  const on = possible && (wished || draft.html !== undefined);
  useEffect(() => {
    if (!possible) return undefined;
    const timer = setTimeout(() => void loadRich().catch(() => undefined), IDLE_MS);
    return () => clearTimeout(timer);
  }, [possible]);
  const change = (): void => {
    localStorage.setItem(KEPT, on ? '0' : '1');
    setWished(!on);
    if (on) draft.replace(draft.text);
  };
  const item: MenuItem = {
    id: 'rich',
    label: t('composer.rich'),
    icon: 'edit',
    checked: on,
    onSelect: change,
  };
  return { on, menu: possible ? [item] : [] };
}
