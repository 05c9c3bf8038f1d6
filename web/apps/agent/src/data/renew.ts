// New screens are there: reload when nobody is in the middle of something, at the latest after half a day.

import type { Workspace } from './workspace';

const LOOK_MS = 30_000;
const IDLE_MS = 10 * 60_000;
const HIDDEN_MS = 60_000;
const LATEST_MS = 12 * 3_600_000;

/** Something a reload would tear: text, a dialog, what waits to be sent, an Offer. */
function busy({ outbox, offers, me, drafts }: Workspace): boolean {
  const open = document.querySelector('dialog[open]') !== null;
  const typed = document.activeElement?.matches('textarea, input, [contenteditable]') ?? false;
  const offered = offers.ids(`${me.id} offered`).length > 0;
  return open || typed || offered || outbox.list().length > 0 || drafts.ahead;
}

export function renewWhenIdle(
  workspace: Workspace,
  reload: () => void = () => location.reload(),
): () => void {
  let touched = Date.now();
  let since: number | undefined;
  const touch = (): void => {
    touched = Date.now();
  };
  const timer = setInterval(() => {
    if (!workspace.newBuild.get()) return;
    since ??= Date.now();
    const late = Date.now() - since > LATEST_MS;
    const patience = document.hidden || late ? HIDDEN_MS : IDLE_MS;
    if (Date.now() - touched > patience && !busy(workspace)) reload();
  }, LOOK_MS);
  const names = ['pointerdown', 'keydown', 'wheel'] as const;
  for (const name of names) window.addEventListener(name, touch, { passive: true, capture: true });
  return () => {
    clearInterval(timer);
    for (const name of names) window.removeEventListener(name, touch, { capture: true });
  };
}
