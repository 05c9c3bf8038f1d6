// Ids of one type grouped by a key (messages by Case), kept in step with the entity store.

import { onFrame, type EntityMap, type EntityStore } from './entities';

const NONE: readonly string[] = [];

export class Groups<M extends EntityMap, K extends keyof M & string> {
  private groups = new Map<string, readonly string[]>();
  private keys = new Map<string, string>();
  private listeners = new Map<string, Set<() => void>>();
  private dirty = new Set<string>();
  private turns = new Map<string, number>();
  private turn = 0;

  constructor(
    private readonly store: EntityStore<M>,
    private readonly type: K,
    private readonly keyOf: (row: M[K]) => string,
    private readonly compare: (a: M[K], b: M[K]) => number,
  ) {
    store.observe((change) => {
      if (change.type === type) this.changed(change.id);
    });
  }

  all(): IterableIterator<string> {
    return this.groups.keys();
  }

  ids(key: string): readonly string[] {
    return this.groups.get(key) ?? NONE;
  }

  rows(key: string): M[K][] {
    return this.ids(key)
      .map((id) => this.store.get(this.type, id))
      .filter((row): row is M[K] => row !== undefined);
  }

  /** Another number whenever a row of this group has come, gone or changed; 0 = never had any. */
  turnOf(key: string): number {
    return this.turns.get(key) ?? 0;
  }

  /** Somebody looks at this group. */
  watched(key: string): boolean {
    return (this.listeners.get(key)?.size ?? 0) > 0;
  }

  subscribe(key: string, listener: () => void): () => void {
    const set = this.listeners.get(key) ?? new Set<() => void>();
    this.listeners.set(key, set.add(listener));
    return () => {
      set.delete(listener);
    };
  }

  private changed(id: string): void {
    const row = this.store.get(this.type, id);
    const was = this.keys.get(id);
    const is = row && this.keyOf(row);
    if (was !== undefined && was !== is) this.remove(was, id);
    if (row && is !== undefined) this.insert(is, id, row);
  }

  private insert(key: string, id: string, row: M[K]): void {
    const others = this.ids(key).filter((known) => known !== id);
    let at = others.length;
    for (; at > 0; at -= 1) {
      const before = this.store.get(this.type, others[at - 1] ?? '');
      if (!before || this.compare(before, row) <= 0) break;
    }
    this.keys.set(id, key);
    this.set(key, [...others.slice(0, at), id, ...others.slice(at)]);
  }

  private remove(key: string, id: string): void {
    this.keys.delete(id);
    this.set(
      key,
      this.ids(key).filter((known) => known !== id),
    );
  }

  private set(key: string, ids: readonly string[]): void {
    if (ids.length === 0) this.groups.delete(key);
    else this.groups.set(key, ids);
    this.turns.set(key, (this.turn += 1));
    if (this.dirty.size === 0) onFrame(() => this.tell());
    this.dirty.add(key);
  }

  private tell(): void {
    const keys = [...this.dirty];
    this.dirty.clear();
    for (const key of keys) for (const listener of this.listeners.get(key) ?? []) listener();
  }
}
