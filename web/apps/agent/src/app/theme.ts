// The look before anybody has signed in and after: theme, density and letter size on the page itself.

import type { PersonSettings } from '@api/settings';

export type Look = Pick<PersonSettings, 'theme' | 'density' | 'font_scale'>;

const KEPT = 'polyphony-look';
const PLAIN: Look = { theme: 'system', density: 'comfortable', font_scale: 100 };

function kept(): Look {
  try {
    return { ...PLAIN, ...(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Look>) };
  } catch {
    return PLAIN;
  }
}

/** Puts the look on the page; also kept on this machine, so that the first paint is right. */
export function applyLook({ theme, density, font_scale }: Look): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
  root.dataset.density = density;
  root.dataset.letters = String(Math.min(150, Math.max(90, Math.round(font_scale / 10) * 10)));
  localStorage.setItem(KEPT, JSON.stringify({ theme, density, font_scale }));
}

export const applyKeptLook = (): void => applyLook(kept());
