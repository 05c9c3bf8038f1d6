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

  constructor(
    private readonly schedule: (work: () => void) => void = onFrame,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /** The one door: applies data iff its version is newer than what is known or buried. */
  put<T extends keyof M & string>(type: T, data: M[T]): boolean {
    const known = this.slot(type, data.id);
    if (known && (known.stale ? data.version < known.v : data.version <= known.v)) return false;
    if (data.version <= this.graveVersion(type, data.id)) return false;
    this.graves.delete(`${type} ${data.id}`);
    this.rows(type).set(data.id, { v: data.version, data, stale: false });
    this.changed(type, data.id, false);
    return true;
  }

  putAll<T extends keyof M & string>(type: T, items: readonly M[T][] | undefined): void {
    for (const item of items ?? []) this.put(type, item);
  }

  /** Buries an entity, so that a late answer cannot bring it back. */
  gone<T extends keyof M & string>(type: T, id: string, v: number): boolean {
    const known = this.slot(type, id);
    if (known && known.v > v) return false;
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
    if (!known || known.v >= v) return false;
    known.stale = true;
    known.v = v;
    this.changed(type, id, false);
    return true;
  }

  get<T extends keyof M & string>(type: T, id: string): M[T] | undefined {
    return this.slot(type, id)?.data as M[T] | undefined;
  }

  isStale<T extends keyof M & string>(type: T, id: string): boolean {
    return this.slot(type, id)?.stale ?? false;
  }

  all<T extends keyof M & string>(type: T): M[T][] {
    return [...this.rows(type).values()].map((slot) => slot.data as M[T]);
  }

  /** Forgets everything (another history of the log, another person); listeners stay. */
  clear(): void {
    const known = [...this.slots].flatMap(([type, rows]) =>
      [...rows.keys()].map((id) => [type, id]),
    );
    this.slots.clear();
    this.graves.clear();
    for (const [type, id] of known) this.changed(type as keyof M & string, id as string, true);
  }

  watch<T extends keyof M & string>(type: T, id: string, listener: Listener): () => void {
    return this.listen(`${type} ${id}`, listener);
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
