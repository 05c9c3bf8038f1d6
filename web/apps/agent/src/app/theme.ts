// Light, dark or as the system wishes: kept on this machine.

export const THEMES = ['system', 'light', 'dark'] as const;

const KEPT = 'polyphony-theme';

export const theme = (): string => localStorage.getItem(KEPT) ?? 'system';

export function setTheme(name: string): void {
  localStorage.setItem(KEPT, name);
  applyTheme();
}

export function applyTheme(): void {
  const name = theme();
  if (name === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = name;
}
