// A view: the ordered ids of one list; membership by predicate, order at most four times a second.

import type { EntityMap, EntityStore, Versioned } from './entities';

export interface ViewRules<T extends Versioned> {
  matches: (row: T) => boolean;
  compare: (a: T, b: T) => number;
}

const ORDER_MS = 250;

export class ListView<M extends EntityMap, K extends keyof M & string> {
  ids: readonly string[] = [];
  /** Rows that would change the order while it is held. */
  pending = 0;
  /** True while the server has more rows than were loaded. */
  more = false;

  private members = new Set<string>();
  private listeners = new Set<() => void>();
  private held = false;
  private dirty = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly stop: () => void;

  constructor(
    private readonly store: EntityStore<M>,
    private readonly type: K,
    private readonly rules: ViewRules<M[K]>,
  ) {
    const stops = [
      store.observe((change) => {
        if (change.type !== type) return;
        if (change.gone) this.drop(change.id);
        else this.weigh(change.id);
      }),
      store.hold(type, (id) => this.members.has(id)),
    ];
    this.stop = () => stops.forEach((stop) => stop());
  }

  /** Takes a page of the server as it stands; the server has judged these rows already. */
  load(ids: readonly string[], more: boolean): void {
    for (const id of ids) this.members.add(id);
    this.more = more;
    this.order();
  }

  /** Judges every known row again (rules that depend on another entity changed). */
  recheck(ids: readonly string[]): void {
    for (const id of ids) this.weigh(id);
  }

  hold(held: boolean): void {
    this.held = held;
    if (!held && this.dirty) this.plan(0);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  close(): void {
    this.stop();
    if (this.timer) clearTimeout(this.timer);
  }

  /** Applies what was held back, now. */
  order(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = undefined;
    this.dirty = false;
    this.pending = 0;
    this.ids = [...this.members]
      .map((id) => this.store.get(this.type, id))
      .filter((row): row is M[K] => row !== undefined)
      .sort((a, b) => this.rules.compare(a, b) || (a.id < b.id ? -1 : 1))
      .map((row) => row.id);
    this.tell();
  }

  private weigh(id: string): void {
    const row = this.store.get(this.type, id);
    const inside = row !== undefined && this.rules.matches(row);
    const was = this.members.has(id);
    if (!inside && !was) return;
    if (inside && !was && this.beyond(row)) return;
    if (inside) this.members.add(id);
    else this.members.delete(id);
    if (inside !== was) this.pending += 1;
    this.plan(ORDER_MS);
  }

  private beyond(row: M[K]): boolean {
    const last = this.ids[this.ids.length - 1];
    const edge = last ? this.store.get(this.type, last) : undefined;
    return this.more && edge !== undefined && this.rules.compare(row, edge) > 0;
  }

  private drop(id: string): void {
    if (!this.members.delete(id)) return;
    this.ids = this.ids.filter((known) => known !== id);
    this.tell();
  }

  private plan(ms: number): void {
    this.dirty = true;
    if (this.held) {
      this.tell();
      return;
    }
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!this.held) this.order();
    }, ms);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
