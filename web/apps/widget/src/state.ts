// What changes and who is told: values, values that follow from them, and one redrawing for all.

export interface Signal<T> {
  value: T;
}

let version = 0;
let due = false;
const watchers = new Set<() => void>();

function changed(): void {
  version += 1;
  if (due) return;
  due = true;
  queueMicrotask(() => {
    due = false;
    for (const one of watchers) one();
  });
}

export function signal<T>(value: T): Signal<T> {
  return {
    get value() {
      return value;
    },
    set value(now) {
      if (Object.is(now, value)) return;
      value = now;
      changed();
    },
  };
}

/** A value that follows from others; worked out once per change, and only when it is asked for. */
export function computed<T>(read: () => T): { readonly value: T } {
  let at = -1;
  let held: T;
  return {
    get value() {
      if (at !== version) {
        held = read();
        at = version;
      }
      return held;
    },
  };
}

/** Acts now and whenever what is read has become another; returns how to stop it. */
export function watch<T>(read: () => T, act: (now: T) => void): () => void {
  let was = read();
  const look = (): void => {
    const now = read();
    if (Object.is(now, was)) return;
    was = now;
    act(now);
  };
  watchers.add(look);
  act(was);
  return () => watchers.delete(look);
}

/** Another number after every change of anything. */
export const moment = (): number => version;
