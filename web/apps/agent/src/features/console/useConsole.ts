// What the console asks the server for, and asks again when the stream says that it has changed.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AlertList, ConsoleAgent, Waits } from '@api/console';
import type { EntityName } from '@agent/data/entities';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { may } from '@agent/parts/rights';

const AGAIN_MS = 900;
const ANYWAY_MS = 20_000;

/** Asks again when rows of these kinds change: soon, and once a second at most. */
function useFresh(key: string, kinds: readonly EntityName[]): void {
  const { store } = useWorkspace();
  const queries = useQueryClient();
  const named = kinds.join(' ');
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let asked = 0;
    const again = (): void => {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          asked = Date.now();
          void queries.invalidateQueries({ queryKey: ['console', key] });
        },
        Math.max(60, asked + AGAIN_MS - Date.now()),
      );
    };
    const left = named.split(' ').map((kind) => store.watchType(kind as EntityName, again));
    return () => {
      clearTimeout(timer);
      left.forEach((leave) => leave());
    };
  }, [store, queries, key, named]);
}

/** Asks again when another flag is raised or lowered; most changes of Cases are none. */
function useFlags(key: string): void {
  const { store } = useWorkspace();
  const queries = useQueryClient();
  useEffect(() => {
    const raised = (): string =>
      store
        .all('case')
        .flatMap((one) => (one.help ? [`${one.id} ${one.help.at}`] : []))
        .sort()
        .join();
    let before = raised();
    return store.watchType('case', () => {
      const now = raised();
      if (now === before) return;
      before = now;
      void queries.invalidateQueries({ queryKey: ['console', key] });
    });
  }, [store, queries, key]);
}

const within = (department: string): Record<string, string> =>
  department ? { department_id: department } : {};

export function useAgents(department: string) {
  const { client } = useWorkspace();
  useFresh('agents', ['presence', 'load', 'work_item', 'offer']);
  return useQuery({
    queryKey: ['console', 'agents', department],
    queryFn: async () =>
      (await client.get<{ items: ConsoleAgent[] }>('/v1/console', { query: within(department) }))
        .items,
    staleTime: 0,
    refetchInterval: ANYWAY_MS,
  });
}

export function useAlerts(department: string, over: boolean) {
  const { client } = useWorkspace();
  const { me } = useSetup();
  useFresh('alerts', ['alert', 'notice']);
  useFlags('alerts');
  return useQuery({
    queryKey: ['console', 'alerts', department, over],
    queryFn: () =>
      client.get<AlertList>('/v1/alerts', {
        query: { ...within(department), ...(over && { over: 'true' }) },
      }),
    enabled: may(me, 'supervise'),
    staleTime: 0,
    refetchInterval: ANYWAY_MS,
  });
}

export function useWaiting(queue: string, channel: string) {
  const { client } = useWorkspace();
  useFresh('waiting', ['work_item', 'offer']);
  return useQuery({
    queryKey: ['console', 'waiting', queue, channel],
    queryFn: () =>
      client.get<{ items: Waits[]; total: number }>(`/v1/queues/${queue}/waiting`, {
        query: channel ? { channel } : {},
      }),
    staleTime: 0,
  });
}
