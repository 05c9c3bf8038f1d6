// How the line is, as people see it: stale after three seconds, offline after ten or when it is unplugged.

import type { Workspace } from './workspace';

const STALE_MS = 3_000;
const OFFLINE_MS = 10_000;

export function watchLine(workspace: Workspace): () => void {
  const { connection, online, stale, offline, outbox } = workspace;
  let timers: ReturnType<typeof setTimeout>[] = [];
  let since: number | undefined;
  const tell = (shown: number | undefined): void => {
    const waiting = outbox.list().length;
    const was = offline.get();
    if (was.since !== shown || was.waiting !== waiting) offline.set({ since: shown, waiting });
  };
  const look = (): void => {
    timers.forEach(clearTimeout);
    timers = [];
    const lost = connection.get() !== 'live' || !online.get();
    if (!lost) {
      since = undefined;
      stale.set(false);
      tell(undefined);
      return;
    }
    const moment = (since ??= Date.now());
    const left = (ms: number): number => Math.max(0, moment + ms - Date.now());
    timers = [
      setTimeout(() => stale.set(true), left(STALE_MS)),
      setTimeout(() => tell(moment), online.get() ? left(OFFLINE_MS) : 0),
    ];
  };
  const stops = [
    connection.subscribe(look),
    online.subscribe(look),
    outbox.subscribe(() => tell(offline.get().since)),
    stale.subscribe(() => {
      document.documentElement.toggleAttribute('data-stale', stale.get());
    }),
    () => timers.forEach(clearTimeout),
  ];
  look();
  return () => stops.forEach((stop) => stop());
}
