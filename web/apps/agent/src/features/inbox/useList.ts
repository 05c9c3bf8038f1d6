// The loaded window of one list: pages of the server, kept true by the stream and by time.

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { ApiProblem } from '@api/problem';
import type { CasePage, SavedView } from '@api/types';
import { timely, type Context } from '@sync/filter';
import { ListView } from '@sync/view';
import type { Entities } from '@agent/data/entities';
import { useCell, useSetup, useWorkspace } from '@agent/data/hooks';
import type { Workspace } from '@agent/data/workspace';
import { compare, fits, fitsView, serverOnly, type Filter } from './rules';
import { takeUnread } from './unread';

type View = ListView<Entities, 'case'>;

const FIRST_PAGE = 60;
const PAGE = 500;
/** Lists whose tree asks for the time are judged again so often. */
const TIMELY_MS = 20_000;

export interface ListState {
  view: View;
  ids: readonly string[];
  pending: number;
  loading: boolean;
  /** A page has come; before that, what the stream brings is a part of a list nobody has seen whole. */
  known: boolean;
  error: ApiProblem | null;
  more: boolean;
  /** The server alone can judge and something has changed since. */
  outdated: boolean;
  loadMore: () => void;
  reload: () => void;
}

/** What the server is asked; a view is asked by its name. */
export function asked(filter: Filter): Record<string, string | undefined> {
  const { tab, view, state, department, sort, q } = filter;
  return { tab, view: view || undefined, state, department: department || undefined, sort, q };
}

const contextOf = ({ clock, setup }: Workspace): Context => {
  const { me } = setup.get();
  return { now: clock.now(), me: me.id, zone: me.zone ?? 'UTC' };
};

function useView(filter: Filter, kept: SavedView | undefined): View {
  const workspace = useWorkspace();
  const { store, byCase, setup, reads } = workspace;
  const view = useMemo(() => {
    const work = (id: string) => byCase.work_item.rows(id);
    return new ListView<Entities, 'case'>(store, 'case', {
      matches: (row) => {
        if (serverOnly(filter)) return false;
        const { me } = setup.get();
        if (filter.tab !== 'view') return fits(row, work(row.id), filter, me);
        if (!kept) return false;
        const reader = { ...me, context: contextOf(workspace) };
        return fitsView(row, work(row.id), reads.get()[row.id], kept, reader);
      },
      compare: compare(filter.sort),
    });
  }, [store, byCase, setup, reads, workspace, filter, kept]);
  useEffect(() => {
    const judged = !serverOnly(filter);
    const stops = [
      store.observe((change) => {
        if (change.type !== 'work_item' || !judged) return;
        const item = store.get('work_item', change.id);
        if (item) view.recheck([item.case_id]);
      }),
    ];
    if (kept && timely(kept.filter)) {
      const timer = setInterval(() => view.recheckAll(), TIMELY_MS);
      stops.push(() => clearInterval(timer));
    }
    return () => {
      for (const stop of stops) stop();
      view.close();
    };
  }, [store, view, filter, kept]);
  return view;
}

interface Loaded {
  loading: boolean;
  /** The view a page has come for. */
  of: View | undefined;
  error: ApiProblem | null;
  cursor: string | null;
  at: number;
}

export function useList(filter: Filter): ListState {
  const workspace = useWorkspace();
  const kept = useSetup().views.find((one) => one.id === filter.view);
  const view = useView(filter, kept);
  const changed = useCell(workspace.changed);
  const resets = useCell(workspace.resets);
  const [state, setState] = useState<Loaded>({
    loading: true,
    of: undefined,
    error: null,
    cursor: null,
    at: 0,
  });
  const more = useRef<AbortController>(undefined);
  const fetchPage = useCallback(
    async (cursor: string | null, signal: AbortSignal): Promise<void> => {
      setState((was) => ({ ...was, loading: true, error: null }));
      try {
        const page = await workspace.client.get<CasePage>('/v1/cases', {
          query: { ...asked(filter), limit: cursor ? PAGE : FIRST_PAGE, cursor },
          signal,
        });
        workspace.takePage(page);
        takeUnread(page.items, page.unread);
        view.load(
          page.items.map((row) => row.id),
          page.next_cursor !== null,
        );
        const at = workspace.changed.get();
        setState({ loading: false, of: view, error: null, cursor: page.next_cursor, at });
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
    const page = fetchPage(null, stop.signal);
    workspace.reading.add(page);
    void page.finally(() => workspace.reading.delete(page));
    return () => {
      stop.abort();
      more.current?.abort();
    };
  }, [workspace, fetchPage, turn, resets]);
  useSyncExternalStore(view.subscribe, () => view.version);
  const { loading, cursor } = state;
  const loadMore = useCallback(() => {
    if (loading || !cursor) return;
    more.current = new AbortController();
    void fetchPage(cursor, more.current.signal);
  }, [loading, cursor, fetchPage]);
  return {
    view,
    ids: view.ids,
    pending: view.pending,
    loading,
    known: state.of === view,
    error: state.error,
    more: cursor !== null,
    outdated: serverOnly(filter) && changed > state.at,
    loadMore,
    reload: () => setTurn(turn + 1),
  };
}
