// The counters of some boards as one picture, and a second hand that runs by the server's time.

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { BoardCell, BoardFeed, Picture } from '@sync/board';

export interface Watched {
  cells: readonly BoardCell[];
  at: number;
  heard: number;
}

/** Everything of the topics once the first of them is here; sealed work comes by a topic of its own. */
export function useBoard(feed: BoardFeed, topics: readonly string[]): Watched | undefined {
  const named = topics.join(' ');
  const turn = useSyncExternalStore(feed.subscribe, () => stamp(feed, named));
  return useMemo(() => (turn === '' ? undefined : together(feed, named)), [feed, named, turn]);
}

const pictures = (feed: BoardFeed, named: string): Picture[] =>
  named.split(' ').flatMap((topic) => feed.picture(topic) ?? []);

const stamp = (feed: BoardFeed, named: string): string =>
  pictures(feed, named)
    .map((one) => `${one.at}.${one.heard}`)
    .join(' ');

function together(feed: BoardFeed, named: string): Watched {
  const found = pictures(feed, named);
  return {
    cells: found.flatMap((one) => one.cells),
    at: Math.max(...found.map((one) => one.at)),
    heard: Math.max(...found.map((one) => one.heard)),
  };
}

/** This machine's time, each second. */
export function useSecond(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** How old what is shown is, by this machine's clock, and the server's time now. */
export function timesOf(watched: Watched, local: number): { age: number; now: number } {
  const age = Math.max(0, local - watched.heard);
  return { age, now: watched.at + age };
}

/** Older than this is dimmed. */
export const STALE_MS = 3_000;
