// Views: membership by rule, order that does not jump under the hand.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EntityStore } from './entities';
import { ListView } from './view';

interface Row {
  id: string;
  version: number;
  open: boolean;
  at: number;
}
type Rows = { row: Row };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function make(): { store: EntityStore<Rows>; view: ListView<Rows, 'row'> } {
  const store = new EntityStore<Rows>((work) => work());
  const view = new ListView<Rows, 'row'>(store, 'row', {
    matches: (row) => row.open,
    compare: (a, b) => a.at - b.at,
  });
  return { store, view };
}

const row = (id: string, version: number, at: number, open = true): Row => ({
  id,
  version,
  at,
  open,
});

describe('list view', () => {
  it('equals a fresh sort after any sequence of changes', () => {
    const { store, view } = make();
    for (let step = 1; step < 500; step += 1) {
      const id = `r${(step * 7) % 40}`;
      store.put('row', row(id, step, (step * 31) % 97, step % 3 !== 0));
    }
    vi.runAllTimers();
    const fresh = store
      .all('row')
      .filter((item) => item.open)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
      .map((item) => item.id);
    expect(view.ids).toEqual(fresh);
  });

  it('holds the order while the hand is over it and says how many rows wait', () => {
    const { store, view } = make();
    store.put('row', row('a', 1, 10));
    vi.runAllTimers();
    view.hold(true);
    store.put('row', row('b', 1, 1));
    vi.runAllTimers();
    expect(view.ids).toEqual(['a']);
    expect(view.pending).toBe(1);
    view.hold(false);
    vi.runAllTimers();
    expect(view.ids).toEqual(['b', 'a']);
    expect(view.pending).toBe(0);
  });

  it('does not take rows from beyond the loaded window', () => {
    const { store, view } = make();
    store.put('row', row('a', 1, 10));
    view.load(['a'], true);
    store.put('row', row('z', 1, 99));
    store.put('row', row('b', 1, 5));
    vi.runAllTimers();
    expect(view.ids).toEqual(['b', 'a']);
  });

  it('drops a row at once when it is gone, even while held', () => {
    const { store, view } = make();
    store.put('row', row('a', 1, 10));
    vi.runAllTimers();
    view.hold(true);
    store.gone('row', 'a', 2);
    expect(view.ids).toEqual([]);
  });
});
