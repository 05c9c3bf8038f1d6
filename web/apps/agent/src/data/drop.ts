// A broken network made to order: this tab alone loses its line and every call, then gets them back.

import type { Workspace } from './workspace';

let until = 0;

/** Cuts stream and calls for so long; asked again meanwhile it only lasts longer. */
export function dropNetwork(workspace: Workspace, ms: number): void {
  until = Date.now() + ms;
  workspace.client.down = true;
  workspace.online.set(false);
  workspace.stream.cut();
  setTimeout(() => {
    if (Date.now() < until) return;
    workspace.client.down = false;
    workspace.online.set(true);
    workspace.stream.wake();
    workspace.outbox.resume();
  }, ms);
}
