// F6 and Shift+F6: from one panel of the frame to the next, whatever is inside.

import { useCommand } from '@agent/parts/commands';

const PANELS =
  '[data-panel], .list-panel, .case-panel, .composer, .desk-side, .admin-nav, .admin-page, .page';
const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select, textarea, [contenteditable="true"], [tabindex]:not([tabindex="-1"])';

const visible = (one: HTMLElement): boolean => one.getClientRects().length > 0;

/** A panel inside another one is a stop of its own; the outer one keeps what is left. */
const panels = (): HTMLElement[] =>
  [...document.querySelectorAll<HTMLElement>(PANELS)].filter(visible);

function enter(panel: HTMLElement): void {
  const inside = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(visible);
  // The list's rows, the composer's text: what the panel is for comes before its buttons.
  const card = panel.querySelector<HTMLElement>('.offer-card');
  const first =
    card ?? inside.find((one) => one.matches('[role="listbox"], textarea')) ?? inside[0];
  if (first) {
    first.focus();
    return;
  }
  panel.tabIndex = -1;
  panel.focus();
}

function walk(step: 1 | -1): void {
  const all = panels();
  const at = all.findLastIndex((panel) => panel.contains(document.activeElement));
  const next = all[(at + step + all.length) % all.length];
  if (next) enter(next);
}

export function usePanels(): void {
  useCommand('next_panel', () => walk(1));
  useCommand('previous_panel', () => walk(-1));
}
