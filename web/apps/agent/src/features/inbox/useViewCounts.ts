// How many Cases stand in each kept view: counted by the server after changes, never too often.

import { useEffect, useState } from 'react';
import type { SavedView } from '@api/types';
import { useSetup, useWorkspace } from '@agent/data/hooks';

/** The list itself comes first, then its numbers. */
const FIRST_MS = 1_000;
/** Counting costs the server one question for each view: a steady flow of changes is counted so often. */
const PAUSE_MS = 10_000;

type Counts = Readonly<Record<string, number>>;

export function useViewCounts(): Counts {
  const { client, changed } = useWorkspace();
  const { views } = useSetup();
  const [counts, setCounts] = useState<Counts>({});
  useEffect(() => {
    if (views.length === 0) return undefined;
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = Number.NEGATIVE_INFINITY;
    const ask = async (): Promise<void> => {
      timer = undefined;
      if (document.visibilityState !== 'visible') return;
      last = Date.now();
      const query = { counted: true };
      const { items } = await client.get<{ items: (SavedView & { count: number })[] }>(
        '/v1/views',
        {
          query,
          signal: stop.signal,
        },
      );
      setCounts(Object.fromEntries(items.map((one) => [one.id, one.count])));
    };
    const soon = (): void => {
      const wait = Math.max(FIRST_MS, last + PAUSE_MS - Date.now());
      timer ??= setTimeout(() => void ask().catch(() => undefined), wait);
    };
    const seen = (): void => {
      if (document.visibilityState === 'visible') soon();
    };
    soon();
    const unsubscribe = changed.subscribe(soon);
    document.addEventListener('visibilitychange', seen);
    return () => {
      stop.abort();
      clearTimeout(timer);
      unsubscribe();
      document.removeEventListener('visibilitychange', seen);
    };
  }, [client, changed, views]);
  return counts;
}
