// One customer as the server tells him; asked again when a matter of his moves.

import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { CustomerAnswer } from '@api/types';
import { useCell, useWorkspace } from '@agent/data/hooks';
import type { Workspace } from '@agent/data/workspace';
import { may } from '@agent/parts/rights';

const SOON_MS = 1_000;

/** How a customer is asked for, on the screen or ahead of it. */
export const customerQuery = (workspace: Workspace, id: string) => ({
  queryKey: ['customer', id],
  queryFn: async () => {
    const answer = await workspace.client.get<CustomerAnswer>(`/v1/customers/${id}`);
    workspace.store.putAll('case', answer.cases);
    return answer;
  },
});

/** ``mark`` changes whenever something happened that the picture should show. */
export function useCustomer(id: string, mark: unknown): UseQueryResult<CustomerAnswer> {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const shown = useRef(mark);
  useEffect(() => {
    if (shown.current === mark) return undefined;
    shown.current = mark;
    const timer = setTimeout(
      () => void queries.invalidateQueries({ queryKey: ['customer', id] }),
      SOON_MS,
    );
    return () => clearTimeout(timer);
  }, [queries, id, mark]);
  return useQuery(customerQuery(workspace, id));
}

/** May this person write about customers? Others only read, and are told so. */
export function useWrites(): boolean {
  const { me } = useWorkspace();
  return may(me, 'write');
}

export const useLive = (): boolean => useCell(useWorkspace().connection) === 'live';
