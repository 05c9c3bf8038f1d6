// A view: the ordered ids of one list; membership by rule, order at most four times a second, never under the hand.

import type { EntityMap, EntityStore, Versioned } from './entities';

export interface ViewRules<T extends Versioned> {
  matches: (row: T) => boolean;
  compare: (a: T, b: T) => number;
}

const ORDER_MS = 250;
/** From so many moved rows on, sorting all of them is cheaper than finding each its place. */
const MANY = 400;

export class ListView<M extends EntityMap, K extends keyof M & string> {
  ids: readonly string[] = [];
  /** Rises with every change of `ids`, `pending` or `more`. */
  version = 0;
  /** True while the server has more rows than were loaded. */
  more = false;

  private members = new Set<string>();
  private shown = new Set<string>();
  private moved = new Set<string>();
  private coming = new Set<string>();
  private going = new Set<string>();
  private listeners = new Set<() => void>();
  private held = false;
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

  /** Rows that came or went while the order is held. */
  get pending(): number {
    return this.coming.size + this.going.size;
  }

  /** The place of a row, -1 when it does not stand here. */
  indexOf(id: string): number {
    return this.shown.has(id) ? this.ids.indexOf(id) : -1;
  }

  /** Takes a page of the server as it stands; the server has judged these rows already. */
  load(ids: readonly string[], more: boolean): void {
    for (const id of ids) {
      this.members.add(id);
      this.moved.add(id);
    }
    const changed = this.more !== more;
    this.more = more;
    this.order();
    if (changed) this.tell();
  }

  /** Judges rows again (their rules depend on another entity that changed). */
  recheck(ids: Iterable<string>): void {
    for (const id of ids) this.weigh(id);
  }

  /** Judges every row that stands here again, as time passes. */
  recheckAll(): void {
    this.recheck([...this.members]);
  }

  hold(held: boolean): void {
    if (this.held === held) return;
    this.held = held;
    if (!held && this.moved.size > 0) this.plan(0);
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
    const stays = this.pending === 0 && this.settled();
    if (!stays) {
      this.ids = this.moved.size > MANY ? this.sorted() : this.merged();
      this.shown = new Set(this.ids);
    }
    this.moved.clear();
    this.coming.clear();
    this.going.clear();
    if (!stays) this.tell();
  }

  /** Most rows that changed stand where they belong: then ten thousand others need not be looked at. */
  private settled(): boolean {
    if (this.moved.size > MANY) return false;
    for (const id of this.moved) {
      if (this.members.has(id) !== this.shown.has(id)) return false;
      if (!this.shown.has(id)) continue;
      const at = this.ids.indexOf(id);
      const [before, row, after] = [at - 1, at, at + 1].map((one) => this.row(this.ids[one]));
      if (!row || (before && this.compare(before, row) > 0)) return false;
      if (after && this.compare(row, after) > 0) return false;
    }
    return true;
  }

  private compare = (a: M[K], b: M[K]): number =>
    this.rules.compare(a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

  private row(id: string | undefined): M[K] | undefined {
    return id === undefined ? undefined : this.store.get(this.type, id);
  }

  private sorted(): readonly string[] {
    return [...this.members]
      .map((id) => this.row(id))
      .filter((row): row is M[K] => row !== undefined)
      .sort(this.compare)
      .map((row) => row.id);
  }

  /** The rows that stayed keep their order; each moved one finds its place between them. */
  private merged(): readonly string[] {
    const kept = this.ids.filter((id) => this.members.has(id) && !this.moved.has(id));
    for (const id of this.moved) {
      const row = this.members.has(id) ? this.row(id) : undefined;
      if (row) kept.splice(this.placeOf(row, kept), 0, id);
    }
    return kept;
  }

  private placeOf(row: M[K], ids: readonly string[]): number {
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.row(ids[middle]);
      if (other && this.compare(other, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private weigh(id: string): void {
    const row = this.row(id);
    const inside = row !== undefined && this.rules.matches(row);
    const was = this.members.has(id);
    if (!inside && !was) return;
    if (inside && !was && this.beyond(row)) return;
    if (inside) this.members.add(id);
    else this.members.delete(id);
    this.note(id, inside);
    this.moved.add(id);
    this.plan(ORDER_MS);
  }

  /** Counts who came and who went since the order was last shown. */
  private note(id: string, inside: boolean): void {
    const before = this.pending;
    const shown = this.shown.has(id);
    this.coming.delete(id);
    this.going.delete(id);
    if (inside && !shown) this.coming.add(id);
    else if (!inside && shown) this.going.add(id);
    if (this.held && this.pending !== before) this.tell();
  }

  private beyond(row: M[K]): boolean {
    const edge = this.row(this.ids[this.ids.length - 1]);
    return this.more && edge !== undefined && this.rules.compare(row, edge) > 0;
  }

  /** What may not be seen any more leaves an empty place while the hand is over the list. */
  private drop(id: string): void {
    if (!this.members.delete(id)) return;
    this.note(id, false);
    this.moved.add(id);
    if (!this.held) this.order();
  }

  private plan(ms: number): void {
    if (this.held) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (!this.held) this.order();
    }, ms);
  }

  private tell(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}
