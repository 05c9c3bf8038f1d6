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

  it('leaves an empty place while the hand is over it, and closes it afterwards', () => {
    const { store, view } = make();
    store.put('row', row('a', 1, 10));
    store.put('row', row('b', 1, 20));
    vi.runAllTimers();
    view.hold(true);
    store.gone('row', 'a', 2);
    vi.runAllTimers();
    expect(view.ids).toEqual(['a', 'b']);
    expect(store.get('row', 'a')).toBeUndefined();
    expect(view.pending).toBe(1);
    view.hold(false);
    vi.runAllTimers();
    expect(view.ids).toEqual(['b']);
  });

  it('drops a row at once when nobody is at the list', () => {
    const { store, view } = make();
    store.put('row', row('a', 1, 10));
    vi.runAllTimers();
    store.gone('row', 'a', 2);
    expect(view.ids).toEqual([]);
  });

  it('counts a row that comes and goes again while held as no change', () => {
    const { store, view } = make();
    store.put('row', row('a', 1, 10));
    vi.runAllTimers();
    view.hold(true);
    store.put('row', row('b', 1, 1));
    expect(view.pending).toBe(1);
    store.put('row', row('b', 2, 1, false));
    expect(view.pending).toBe(0);
    store.put('row', row('a', 2, 99));
    vi.runAllTimers();
    expect(view.ids).toEqual(['a']);
  });

  it('never changes its order under the hand, whatever comes', () => {
    const { store, view } = make();
    for (let n = 0; n < 60; n += 1) store.put('row', row(`r${n}`, 1, n));
    vi.runAllTimers();
    const before = view.ids;
    view.hold(true);
    for (let step = 2; step < 400; step += 1) {
      const id = `r${(step * 7) % 80}`;
      if (step % 11 === 0) store.gone('row', id, step);
      else store.put('row', row(id, step, (step * 31) % 97, step % 3 !== 0));
      vi.advanceTimersByTime(20);
      expect(view.ids).toBe(before);
    }
    view.hold(false);
    vi.runAllTimers();
    const fresh = store
      .all('row')
      .filter((item) => item.open)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
      .map((item) => item.id);
    expect(view.ids).toEqual(fresh);
  });
});
