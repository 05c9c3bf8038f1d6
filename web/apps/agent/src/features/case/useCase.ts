// A Case as the screen needs it: fetched once, kept true by the stream, refetched when rights may change.

import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Case, CaseAnswer, Interaction, Message, WorkItem } from '@api/types';
import { useEntity, useRows, useWorkspace } from '@agent/data/hooks';
import type { Workspace } from '@agent/data/workspace';

/** What of a Case decides who may do what: when it differs from the answer's, the answer is old. */
function markOf(
  found: Case | undefined,
  interactions: readonly Interaction[],
  work: readonly WorkItem[],
): string {
  const rows = [
    ...interactions.map((row) => `${row.id}${row.state}`),
    ...work.map((row) => `${row.id}${row.state}${row.agent_id ?? ''}`),
  ];
  return [found?.state, found?.owner_id, found?.department_id, ...rows.sort()].join();
}

/** How a Case is asked for, on the screen or ahead of it. */
export const caseQuery = (workspace: Workspace, id: string) => ({
  queryKey: ['case', id],
  queryFn: () => workspace.fetchCase(id),
  staleTime: 5_000,
});

export function useCase(id: string): UseQueryResult<CaseAnswer> {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const found = useEntity('case', id);
  const interactions = useRows('interaction', id);
  const work = useRows('work_item', id);
  const query = useQuery(caseQuery(workspace, id));
  const { data } = query;
  const mark = markOf(found, interactions, work);
  const asked = useRef('');
  useEffect(() => {
    if (!data || asked.current === mark) return undefined;
    if (mark === markOf(data.case, data.interactions, data.work_items)) return undefined;
    const timer = setTimeout(() => {
      asked.current = mark;
      void queries.invalidateQueries({ queryKey: ['case', id] });
    }, 300);
    return () => clearTimeout(timer);
  }, [mark, data, queries, id]);
  return query;
}

export interface Older {
  more: boolean;
  busy: boolean;
  load: () => void;
  /** Fetches older pages until a message is here; false when there is none such. */
  find: (message: string) => Promise<boolean>;
}

interface Page {
  messages: Message[];
  older_cursor: number | null;
}

const PAGES_MAX = 60;

/** Older messages, page by page; the list keeps its place by itself. */
export function useOlder(id: string, answer: CaseAnswer | undefined): Older {
  const workspace = useWorkspace();
  const [state, setState] = useState<{ id: string; cursor: number | string | null } | undefined>();
  const [busy, setBusy] = useState(false);
  const cursor = state?.id === id ? state.cursor : (answer?.older_cursor ?? null);
  const page = async (before: number | string, limit: number): Promise<number | null> => {
    const found = await workspace.client.get<Page>(`/v1/cases/${id}/items`, {
      query: { before, limit },
    });
    workspace.takeMessages(found.messages);
    setState({ id, cursor: found.older_cursor });
    return found.older_cursor;
  };
  const load = (): void => {
    if (cursor === null) return;
    setBusy(true);
    page(cursor, 50)
      .catch(() => undefined)
      .finally(() => setBusy(false));
  };
  const find = async (message: string): Promise<boolean> => {
    const here = (): boolean => workspace.store.get('message', message) !== undefined;
    let before = cursor;
    for (let n = 0; n < PAGES_MAX && before !== null && !here(); n += 1)
      before = await page(before, 200);
    return here();
  };
  return { more: cursor !== null, busy, load, find };
}
