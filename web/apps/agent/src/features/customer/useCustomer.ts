// One customer as the server tells him; asked again when a matter of his moves.

import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer, CustomerAnswer } from '@api/types';
import { useAct } from '@agent/data/act';
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

/** What is told about a customer; an empty language is an unknown one, null takes a detail away. */
export interface Correction {
  name?: string;
  tier?: string;
  language?: string;
  attrs?: Record<string, string | null>;
}

/** Corrects a customer, and takes just that back unless somebody has corrected him since. */
export function useCorrect(id: string): {
  busy: boolean;
  correct: (now: Correction, was: Correction) => Promise<boolean>;
} {
  const { t } = useTranslation();
  const { client, undos } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run } = useAct();
  const tell = async (body: Correction, version?: number): Promise<number> => {
    const headers = version === undefined ? undefined : { 'If-Match': `"${version}"` };
    const path = `/v1/customers/${id}`;
    const { customer } = await client.patch<{ customer: Customer }>(path, { body, headers });
    await queries.invalidateQueries({ queryKey: ['customer', id] });
    return customer.version;
  };
  const correct = async (now: Correction, was: Correction): Promise<boolean> => {
    let version: number | undefined;
    const good = await run(async () => (version = await tell(now)));
    if (good) undos.offer(t('customer.changed'), async () => void (await tell(was, version)));
    return good;
  };
  return { busy, correct };
}

/** May this person write about customers? Others only read, and are told so. */
export function useWrites(): boolean {
  const { me } = useWorkspace();
  return may(me, 'write');
}

export const useLive = (): boolean => useCell(useWorkspace().connection) === 'live';
