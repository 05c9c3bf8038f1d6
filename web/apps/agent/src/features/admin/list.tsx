// What every set-up page shares: a list of the server, its head, saving with the version seen.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Async, type PanelError } from '@ui/Async';
import { asError, useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

interface Listed<T> {
  rows: T[];
  loading: boolean;
  error: PanelError | null;
  retry: () => void;
}

/** Rows of a collection: the server answers with an array or with {items}. */
export function useRowsOf<T>(path: string): Listed<T> {
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['admin', path],
    queryFn: async () => {
      const answer = await client.get<T[] | { items: T[] }>(path);
      return Array.isArray(answer) ? answer : answer.items;
    },
  });
  return {
    rows: query.data ?? [],
    loading: query.isLoading,
    error: asError(query.error),
    retry: () => void query.refetch(),
  };
}

/** Writes, then fetches the set-up pages anew. */
export function useSave() {
  const { t } = useTranslation();
  const { client, reload } = useSaving();
  const { busy, run } = useAct();
  return {
    busy,
    client,
    save: (work: () => Promise<unknown>, done = t('ui.saved')): Promise<boolean> =>
      run(async () => {
        await work();
        await reload();
      }, done),
  };
}

function useSaving() {
  const { client } = useWorkspace();
  const queries = useQueryClient();
  return { client, reload: () => queries.invalidateQueries({ queryKey: ['admin'] }) };
}

export const seen = (row: { version?: number }): Record<string, string> =>
  row.version === undefined ? {} : { 'If-Match': `"${row.version}"` };

/** Which row is being changed, or that a new one is being made. */
export function useEditing<T>() {
  const [editing, setEditing] = useState<{ row?: T }>();
  return {
    editing,
    add: (): void => setEditing({}),
    edit: (row: T): void => setEditing({ row }),
    close: (): void => setEditing(undefined),
  };
}

interface PageProps<T> {
  title: string;
  hint: string;
  action?: ReactNode;
  list: Listed<T>;
  empty: string;
  /** Stand outside the list: the first row is made while it is empty. */
  dialogs?: ReactNode;
  /** One part of a page that has a title of its own already. */
  part?: boolean;
  children: ReactNode;
}

export function AdminPage<T>({
  title,
  hint,
  action,
  list,
  empty,
  dialogs,
  part = false,
  children,
}: PageProps<T>) {
  const Title = part ? 'h2' : 'h1';
  return (
    <section aria-label={title}>
      <header className="row wrap admin-head">
        <div className="grow">
          <Title>{title}</Title>
          <p className="soft">{hint}</p>
        </div>
        {action}
      </header>
      <div className="card admin-card">
        <Async
          loading={list.loading}
          error={list.error}
          retry={list.retry}
          empty={list.rows.length === 0}
          nothing={{ title: empty }}
        >
          {children}
        </Async>
      </div>
      {dialogs}
    </section>
  );
}
