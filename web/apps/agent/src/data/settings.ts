// How screens read and change the person's settings.

import type { PersonSettings, SettingsChange } from '@api/settings';
import { useCell, useWorkspace } from './hooks';

export interface UsedSettings {
  settings: PersonSettings;
  /** Counts on this screen at once; saved within half a second. */
  change: (change: SettingsChange) => void;
}

export function useSettings(): UsedSettings {
  const { preferences } = useWorkspace();
  return { settings: useCell(preferences.now), change: preferences.change };
}
