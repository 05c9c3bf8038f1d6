// Leaves behind what nobody looks at: a Case with all on it, ten minutes unused, or sooner when there is too much.

import type { Workspace } from './workspace';

const IDLE_MS = 10 * 60_000;
const MOST = 20_000;

const OF_CASE = ['message', 'work_item', 'interaction', 'case_step'] as const;

/** The moment anything of a Case was last used. */
function usedAt({ store, byCase }: Workspace, id: string): number {
  let at = store.usedAt('case', id);
  for (const type of OF_CASE)
    for (const row of byCase[type].ids(id)) at = Math.max(at, store.usedAt(type, row));
  return at;
}

const held = ({ store, byCase }: Workspace, id: string): boolean =>
  store.held('case', id) || OF_CASE.some((type) => byCase[type].watched(id));

function leave({ store, byCase }: Workspace, id: string): void {
  for (const type of OF_CASE) for (const row of [...byCase[type].ids(id)]) store.forget(type, row);
  store.forget('case', id);
}

export function forgetIdle(workspace: Workspace, now = Date.now(), most = MOST): void {
  const { store, byCase } = workspace;
  const ids = new Set(store.ids('case'));
  for (const type of OF_CASE) for (const id of byCase[type].all()) ids.add(id);
  const idle = [...ids]
    .filter((id) => !held(workspace, id))
    .map((id) => ({ id, at: usedAt(workspace, id) }))
    .sort((a, b) => a.at - b.at);
  for (const { id, at } of idle) {
    if (now - at < IDLE_MS && store.size <= most) return;
    leave(workspace, id);
  }
}
