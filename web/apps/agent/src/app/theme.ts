// The look before anybody has signed in and after: theme, density and letter size on the page itself.

import type { PersonSettings } from '@api/settings';

export type Look = Pick<PersonSettings, 'theme' | 'density' | 'font_scale'>;

export const PANELS = ['list', 'side', 'rail'] as const;

const KEPT = 'polyphony-look';
const PLAIN: Look = { theme: 'system', density: 'comfortable', font_scale: 100 };

function kept(): Look {
  try {
    return { ...PLAIN, ...(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Look>) };
  } catch {
    return PLAIN;
  }
}

const moreContrast = (): boolean =>
  window.matchMedia?.('(prefers-contrast: more)').matches ?? false;

/** Widths the person has dragged; a panel without one has the width it was built with. */
export function applyPanels(panels: Readonly<Record<string, number>>): void {
  for (const name of PANELS) {
    const width = panels[name];
    const property = `--${name}-width`;
    if (width === undefined) document.documentElement.style.removeProperty(property);
    else document.documentElement.style.setProperty(property, `${width}px`);
  }
}

/** Puts the look on the page; also kept on this machine, so that the first paint is right. */
export function applyLook({ theme, density, font_scale }: Look): void {
  const root = document.documentElement;
  const shown = theme === 'system' && moreContrast() ? 'contrast' : theme;
  if (shown === 'system') delete root.dataset.theme;
  else root.dataset.theme = shown;
  root.dataset.density = density;
  root.style.setProperty('--letters', String(Math.min(150, Math.max(90, font_scale)) / 100));
  localStorage.setItem(KEPT, JSON.stringify({ theme, density, font_scale }));
}

export const applyKeptLook = (): void => applyLook(kept());
