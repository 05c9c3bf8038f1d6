// A Case as the screen needs it: fetched once, kept true by the stream, refetched when rights may change.

import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { CaseAnswer, Message } from '@api/types';
import { useEntity, useRows, useWorkspace } from '@agent/data/hooks';

export function useCase(id: string): UseQueryResult<CaseAnswer> {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const found = useEntity('case', id);
  const interactions = useRows('interaction', id);
  const work = useRows('work_item', id);
  const query = useQuery({
    queryKey: ['case', id],
    queryFn: () => workspace.fetchCase(id),
    staleTime: 5_000,
  });
  const mark = [
    found?.state,
    found?.owner_id,
    found?.department_id,
    ...interactions.map((row) => `${row.id}${row.state}`),
    ...work.map((row) => `${row.id}${row.state}${row.agent_id}`),
  ].join();
  const was = useRef(mark);
  useEffect(() => {
    if (was.current === mark) return undefined;
    was.current = mark;
    const timer = setTimeout(() => void queries.invalidateQueries({ queryKey: ['case', id] }), 300);
    return () => clearTimeout(timer);
  }, [mark, queries, id]);
  return query;
}

export interface Older {
  more: boolean;
  busy: boolean;
  load: () => void;
}

/** Older messages, page by page; the list keeps its place by itself. */
export function useOlder(id: string, answer: CaseAnswer | undefined): Older {
  const workspace = useWorkspace();
  const [state, setState] = useState<{ id: string; cursor: number | string | null } | undefined>();
  const [busy, setBusy] = useState(false);
  const cursor = state?.id === id ? state.cursor : (answer?.older_cursor ?? null);
  const load = (): void => {
    setBusy(true);
    workspace.client
      .get<{ items?: Message[]; messages?: Message[]; older_cursor?: number | string | null }>(
        `/v1/cases/${id}/items`,
        { query: { before: cursor, limit: 50 } },
      )
      .then((page) => {
        const items = page.items ?? page.messages ?? [];
        workspace.takeMessages(items);
        const first = items.reduce((low, row) => Math.min(low, row.position), Infinity);
        const next =
          page.older_cursor !== undefined ? page.older_cursor : items.length === 50 ? first : null;
        setState({ id, cursor: next });
      })
      .catch(() => undefined)
      .finally(() => setBusy(false));
  };
  return { more: cursor !== null && cursor !== undefined, busy, load };
}
