// What can be undone: said in a snackbar for some seconds, reachable by a key for some minutes.

import { Cell } from './cell';

/** How long a change can be undone by the key. */
export const REACH_MS = 5 * 60_000;
const KEPT = 20;

export interface Undoable {
  id: number;
  label: string;
  undo: () => Promise<void>;
  until: number;
}

export interface UndoPorts {
  now: () => number;
  /** Shows the change with a button; what it returns takes it off the screen. */
  say: (label: string, undo: () => void, ms: number) => () => void;
  done: (label: string) => void;
  /** Somebody has changed the same thing since, or the line is down. */
  failed: (error: unknown) => void;
}

export class Undos {
  readonly last = new Cell<Undoable | undefined>(undefined);
  private kept: (Undoable & { hide: () => void })[] = [];
  private next = 1;

  constructor(private readonly ports: UndoPorts) {}

  /** Tells of a change that has been made, and how to take it back. */
  offer(label: string, undo: () => Promise<void>, ms = 10_000): void {
    const id = this.next;
    this.next += 1;
    const until = this.ports.now() + REACH_MS;
    const hide = this.ports.say(label, () => void this.run(id), ms);
    this.kept = [...this.kept.slice(1 - KEPT), { id, label, undo, until, hide }];
    this.tell();
    setTimeout(() => this.tell(), REACH_MS + 1);
  }

  /** Takes the last change back; false when there is none any more. */
  undoLast = (): boolean => {
    this.tell();
    const last = this.last.get();
    if (last) void this.run(last.id);
    return last !== undefined;
  };

  private async run(id: number): Promise<void> {
    const one = this.kept.find((kept) => kept.id === id);
    if (!one) return;
    this.kept = this.kept.filter((kept) => kept !== one);
    this.tell();
    one.hide();
    try {
      await one.undo();
      this.ports.done(one.label);
    } catch (error) {
      this.ports.failed(error);
    }
  }

  private tell(): void {
    const now = this.ports.now();
    this.kept = this.kept.filter((one) => one.until > now);
    this.last.set(this.kept.at(-1));
  }
}
