// The entity store: every fact of the server once, by type and id; only newer versions enter.

export interface Versioned {
  id: string;
  version: number;
}

export type EntityMap = Record<string, Versioned>;

export interface Change<M extends EntityMap> {
  type: keyof M & string;
  id: string;
  gone: boolean;
}

interface Slot {
  v: number;
  data: unknown;
  stale: boolean;
  /** When it was last written or read. */
  at: number;
  /** Waits to be read anew since this turn: whatever comes replaces it; 0 = it does not. */
  old: number;
}

type Listener = () => void;

const TOMBSTONE_MS = 15 * 60_000;

/** Runs work once per painted frame; hidden pages get a timer because they paint no frames. */
export function onFrame(work: () => void): void {
  const visible = typeof document !== 'undefined' && document.visibilityState === 'visible';
  if (visible && typeof requestAnimationFrame === 'function') requestAnimationFrame(work);
  else setTimeout(work, 16);
}

export class EntityStore<M extends EntityMap> {
  private slots = new Map<string, Map<string, Slot>>();
  private graves = new Map<string, { v: number; at: number }>();
  private listeners = new Map<string, Set<Listener>>();
  private watchers = new Set<(change: Change<M>) => void>();
  private dirty = new Set<string>();
  private planned = false;
  private turn = 0;
  private holders = new Set<{ type: keyof M & string; has: (id: string) => boolean }>();
  /** Hears of a stale entity that is on the screen: fetch it. */
  onStale: (type: keyof M & string, id: string) => void = () => undefined;

  constructor(
    private readonly schedule: (work: () => void) => void = onFrame,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /** The one door: applies data iff its version is newer than what is known or buried. */
  put<T extends keyof M & string>(type: T, data: M[T]): boolean {
    const known = this.slot(type, data.id);
    const fresh = known?.old === 0;
    if (fresh && (known.stale ? data.version < known.v : data.version <= known.v)) return false;
    if (data.version <= this.graveVersion(type, data.id)) return false;
    this.graves.delete(`${type} ${data.id}`);
    this.rows(type).set(data.id, { v: data.version, data, stale: false, at: this.now(), old: 0 });
    this.changed(type, data.id, false);
    return true;
  }

  putAll<T extends keyof M & string>(type: T, items: readonly M[T][] | undefined): void {
    for (const item of items ?? []) this.put(type, item);
  }

  /** Buries an entity, so that a late answer cannot bring it back. */
  gone<T extends keyof M & string>(type: T, id: string, v: number): boolean {
    const known = this.slot(type, id);
    if (known && known.old === 0 && known.v > v) return false;
    this.graves.set(`${type} ${id}`, {
      v: Math.max(v, this.graveVersion(type, id)),
      at: this.now(),
    });
    if (known) {
      this.rows(type).delete(id);
      this.changed(type, id, true);
    }
    return true;
  }

  /** Marks an entity stale when the server has a newer version that did not travel whole. */
  touch<T extends keyof M & string>(type: T, id: string, v: number): boolean {
    const known = this.slot(type, id);
    if (!known || (known.old === 0 && known.v >= v)) return false;
    known.stale = true;
    known.v = v;
    known.old = 0;
    this.changed(type, id, false);
    if (this.watched(type, id)) this.onStale(type, id);
    return true;
  }

  get<T extends keyof M & string>(type: T, id: string): M[T] | undefined {
    const slot = this.slot(type, id);
    if (!slot) return undefined;
    slot.at = this.now();
    return slot.data as M[T];
  }

  /** How many entities are kept. */
  get size(): number {
    let count = 0;
    for (const rows of this.slots.values()) count += rows.size;
    return count;
  }

  ids<T extends keyof M & string>(type: T): string[] {
    return [...this.rows(type).keys()];
  }

  /** Lets go of an entity that no view holds; no tombstone: it may come back as it was. */
  forget<T extends keyof M & string>(type: T, id: string): void {
    if (!this.slot(type, id)) return;
    this.rows(type).delete(id);
    this.changed(type, id, true);
  }

  /** When an entity was last used; looking does not count as use. */
  usedAt<T extends keyof M & string>(type: T, id: string): number {
    return this.slot(type, id)?.at ?? 0;
  }

  /** A view says which entities it shows: they stay. */
  hold<T extends keyof M & string>(type: T, has: (id: string) => boolean): () => void {
    const holder = { type, has };
    this.holders.add(holder);
    return () => this.holders.delete(holder);
  }

  held<T extends keyof M & string>(type: T, id: string): boolean {
    if (this.watched(type, id)) return true;
    for (const one of this.holders) if (one.type === type && one.has(id)) return true;
    return false;
  }

  watched<T extends keyof M & string>(type: T, id: string): boolean {
    return (this.listeners.get(`${type} ${id}`)?.size ?? 0) > 0;
  }

  /** It was here and is gone. */
  buried<T extends keyof M & string>(type: T, id: string): boolean {
    return this.graveVersion(type, id) >= 0;
  }

  isStale<T extends keyof M & string>(type: T, id: string): boolean {
    return this.slot(type, id)?.stale ?? false;
  }

  all<T extends keyof M & string>(type: T): M[T][] {
    return [...this.rows(type).values()].map((slot) => slot.data as M[T]);
  }

  /**
   * Everything is read anew (another history of the log, other rights): rows stay on the screen until
   * theirs has come, whatever its version. Call what is returned when all was read: the rest leaves.
   */
  renew(): () => void {
    const turn = (this.turn += 1);
    this.graves.clear();
    for (const rows of this.slots.values()) for (const slot of rows.values()) slot.old = turn;
    return () => {
      for (const [type, rows] of this.slots)
        for (const [id, slot] of [...rows]) if (slot.old === turn) this.forget(type, id);
    };
  }

  watch<T extends keyof M & string>(type: T, id: string, listener: Listener): () => void {
    const stop = this.listen(`${type} ${id}`, listener);
    if (this.isStale(type, id)) this.onStale(type, id);
    return stop;
  }

  watchType<T extends keyof M & string>(type: T, listener: Listener): () => void {
    return this.listen(type, listener);
  }

  /** Hears every applied change at once, before anything is painted (views decide membership here). */
  observe(watcher: (change: Change<M>) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  sweep(): void {
    const limit = this.now() - TOMBSTONE_MS;
    for (const [key, grave] of this.graves) if (grave.at < limit) this.graves.delete(key);
  }

  private listen(key: string, listener: Listener): () => void {
    const set = this.listeners.get(key) ?? new Set<Listener>();
    this.listeners.set(key, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.listeners.get(key) === set) this.listeners.delete(key);
    };
  }

  private rows(type: string): Map<string, Slot> {
    let rows = this.slots.get(type);
    if (!rows) this.slots.set(type, (rows = new Map()));
    return rows;
  }

  private slot(type: string, id: string): Slot | undefined {
    return this.slots.get(type)?.get(id);
  }

  private graveVersion(type: string, id: string): number {
    return this.graves.get(`${type} ${id}`)?.v ?? -1;
  }

  private changed(type: keyof M & string, id: string, gone: boolean): void {
    for (const watcher of this.watchers) watcher({ type, id, gone });
    this.dirty.add(`${type} ${id}`).add(type);
    if (this.planned) return;
    this.planned = true;
    this.schedule(() => this.flush());
  }

  private flush(): void {
    this.planned = false;
    const keys = [...this.dirty];
    this.dirty.clear();
    for (const key of keys) for (const listener of this.listeners.get(key) ?? []) listener();
  }
}
