// What the browser tells about the page and the line, and what the workspace does about it.

import type { Workspace } from './workspace';

const SWEEP_MS = 60_000;

export function hearPage(workspace: Workspace): () => void {
  const stops: (() => void)[] = [];
  const on = (target: EventTarget, name: string, run: () => void): void => {
    target.addEventListener(name, run);
    stops.push(() => target.removeEventListener(name, run));
  };
  on(window, 'online', () => {
    workspace.online.set(true);
    workspace.stream.wake();
  });
  on(window, 'offline', () => workspace.online.set(false));
  on(window, 'focus', () => workspace.stream.wake());
  on(window, 'pagehide', () => workspace.drafts.flush());
  on(document, 'resume', () => workspace.stream.wake());
  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'visible') workspace.stream.wake();
    else workspace.drafts.flush();
  });
  const sweep = setInterval(() => workspace.store.sweep(), SWEEP_MS);
  stops.push(() => clearInterval(sweep));
  return () => stops.forEach((stop) => stop());
}
