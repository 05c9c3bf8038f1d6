// What the browser tells about the page and the line, and what the workspace does about it.

import { forgetIdle } from './forget';
import { renewWhenIdle } from './renew';
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
  on(window, 'pagehide', () => {
    workspace.drafts.flush();
    workspace.stream.rest(true);
  });
  on(window, 'pageshow', () => workspace.stream.wake());
  on(document, 'freeze', () => workspace.stream.rest(true));
  on(document, 'resume', () => workspace.stream.wake());
  on(document, 'visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      workspace.stream.wake();
      return;
    }
    workspace.drafts.flush();
    workspace.stream.rest();
  });
  const sweep = setInterval(() => {
    workspace.store.sweep();
    forgetIdle(workspace);
  }, SWEEP_MS);
  stops.push(() => clearInterval(sweep), renewWhenIdle(workspace));
  return () => stops.forEach((stop) => stop());
}
