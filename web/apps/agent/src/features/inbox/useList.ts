// The loaded window of one list: pages of the server, kept true by the stream.

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { ApiProblem } from '@api/problem';
import type { CasePage } from '@api/types';
import { ListView } from '@sync/view';
import type { Entities } from '@agent/data/entities';
import { useCell, useWorkspace } from '@agent/data/hooks';
import { compare, fits, serverOnly, type Filter } from './rules';

type View = ListView<Entities, 'case'>;

export interface ListState {
  view: View;
  ids: readonly string[];
  pending: number;
  loading: boolean;
  error: ApiProblem | null;
  more: boolean;
  /** The server alone can judge and something has changed since. */
  outdated: boolean;
  loadMore: () => void;
  reload: () => void;
}

function useView(filter: Filter): View {
  const { store, byCase, setup } = useWorkspace();
  const view = useMemo(() => {
    return new ListView<Entities, 'case'>(store, 'case', {
      matches: (row) =>
        !serverOnly(filter) && fits(row, byCase.work_item.rows(row.id), filter, setup.get().me),
      compare: compare(filter.sort),
    });
  }, [store, byCase, setup, filter]);
  useEffect(() => {
    const stop = store.observe((change) => {
      if (change.type !== 'work_item' || serverOnly(filter)) return;
      const item = store.get('work_item', change.id);
      if (item) view.recheck([item.case_id]);
    });
    return () => {
      stop();
      view.close();
    };
  }, [store, view, filter]);
  return view;
}

export function useList(filter: Filter): ListState {
  const workspace = useWorkspace();
  const view = useView(filter);
  const changed = useCell(workspace.changed);
  const resets = useCell(workspace.resets);
  const [state, setState] = useState({
    loading: true,
    error: null as ApiProblem | null,
    cursor: null as string | null,
    at: 0,
  });
  const fetchPage = useCallback(
    async (cursor: string | null, signal: AbortSignal): Promise<void> => {
      setState((was) => ({ ...was, loading: true, error: null }));
      try {
        const page = await workspace.client.get<CasePage>('/v1/cases', {
          query: { ...filter, limit: 50, cursor },
          signal,
        });
        workspace.takePage(page);
        view.load(
          page.items.map((row) => row.id),
          page.next_cursor !== null,
        );
        setState({
          loading: false,
          error: null,
          cursor: page.next_cursor,
          at: workspace.changed.get(),
        });
      } catch (error) {
        if (signal.aborted) return;
        const problem = error instanceof ApiProblem ? error : null;
        setState((was) => ({ ...was, loading: false, error: problem }));
      }
    },
    [workspace, view, filter],
  );
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    void fetchPage(null, stop.signal);
    return () => stop.abort();
  }, [fetchPage, turn, resets]);
  const snapshot = useSyncExternalStore(view.subscribe, () => `${view.ids.join()}|${view.pending}`);
  return {
    view,
    ids: snapshot === '' ? [] : view.ids,
    pending: view.pending,
    loading: state.loading,
    error: state.error,
    more: state.cursor !== null,
    outdated: serverOnly(filter) && changed > state.at,
    loadMore: () => {
      if (!state.loading && state.cursor)
        void fetchPage(state.cursor, new AbortController().signal);
    },
    reload: () => setTurn(turn + 1),
  };
}
