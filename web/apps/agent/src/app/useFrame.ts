// What the person's settings mean for the frame: the look of the page and the keys in force.

import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { effective } from '@keys/effective';
import { toasts } from '@ui/Toasts';
import { whyRefused } from '@agent/data/act';
import { useCell, useWorkspace } from '@agent/data/hooks';
import { useSettings } from '@agent/data/settings';
import { bindings } from '@agent/parts/commands';
import { applyLook, applyPanels } from './theme';

export function useFrame(): void {
  const { t } = useTranslation();
  const { preferences } = useWorkspace();
  const { settings } = useSettings();
  const refused = useCell(preferences.refused);
  const { theme, density, font_scale, keys, single_keys, panels } = settings;
  useEffect(() => applyLook({ theme, density, font_scale }), [theme, density, font_scale]);
  useEffect(() => applyPanels(panels), [panels]);
  useEffect(() => bindings.set(effective({ keys, single_keys })), [keys, single_keys]);
  useEffect(() => {
    if (refused) toasts.show({ text: whyRefused(refused, t), bad: true });
  }, [refused, t]);
}
