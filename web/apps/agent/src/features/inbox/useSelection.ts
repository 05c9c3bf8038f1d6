// Which rows are chosen for a job: single ones, a stretch, or all that match.

import { useCallback, useMemo, useState } from 'react';

export interface Selection {
  ids: ReadonlySet<string>;
  /** All that match are chosen, also those that are not loaded; how many there are. */
  all: number | null;
  size: number;
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  /** From the last touched row to this one. */
  reach: (id: string) => void;
  add: (id: string) => void;
  everything: (count: number) => void;
  clear: () => void;
}

interface State {
  ids: ReadonlySet<string>;
  last: string | null;
  all: number | null;
}

const NONE: State = { ids: new Set(), last: null, all: null };

/** `rows`: the loaded rows in the order shown. */
export function useSelection(rows: readonly string[]): Selection {
  const [state, setState] = useState<State>(NONE);
  const toggle = useCallback((id: string): void => {
    setState((was) => {
      const ids = new Set(was.ids);
      if (!ids.delete(id)) ids.add(id);
      return { ids, last: id, all: null };
    });
  }, []);
  const add = useCallback((id: string): void => {
    setState((was) => ({ ids: new Set(was.ids).add(id), last: id, all: null }));
  }, []);
  const reach = useCallback(
    (id: string): void => {
      setState((was) => {
        const [from, to] = [rows.indexOf(was.last ?? id), rows.indexOf(id)];
        if (from < 0 || to < 0) return { ids: new Set(was.ids).add(id), last: id, all: null };
        const stretch = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
        return { ids: new Set([...was.ids, ...stretch]), last: id, all: null };
      });
    },
    [rows],
  );
  const everything = useCallback(
    (count: number) => setState({ ids: new Set(), last: null, all: count }),
    [],
  );
  const clear = useCallback(() => setState(NONE), []);
  return useMemo(
    () => ({
      ids: state.ids,
      all: state.all,
      size: state.all ?? state.ids.size,
      has: (id) => state.all !== null || state.ids.has(id),
      toggle,
      reach,
      add,
      everything,
      clear,
    }),
    [state, toggle, reach, add, everything, clear],
  );
}
