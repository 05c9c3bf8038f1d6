// Ticks for the agent: delivered when a line came here, read when it was in sight for a second.
import { effect } from '@preact/signals';
import { call } from './http';
import { newest, readUpTo, session } from './model';

const READ_MS = 1000;
let told = { delivered: 0, read: 0 };
let due: ReturnType<typeof setTimeout> | undefined;

export function startReceipts(): void {
  effect(() => {
    if (newest.value > told.delivered && session.value) soon();
  });
}

function soon(): void {
  due ??= setTimeout(() => {
    due = undefined;
    void tell();
  }, 300);
}

async function tell(): Promise<void> {
  const now = { delivered: newest.value, read: readUpTo.value };
  if (!session.value || (now.delivered <= told.delivered && now.read <= told.read)) return;
  const before = told;
  told = now;
  try {
    await call('POST', 'receipts', now);
  } catch {
    told = before;
    setTimeout(soon, 5000);
  }
}

/** Watches a list of lines; what stays visible long enough counts as read. */
export function watchReading(list: Element, watched: () => boolean): () => void {
  const since = new Map<Element, ReturnType<typeof setTimeout>>();
  const eye = new IntersectionObserver(
    (seen) => {
      for (const one of seen) {
        clearTimeout(since.get(one.target));
        if (one.isIntersecting)
          since.set(
            one.target,
            setTimeout(() => check(one.target), READ_MS),
          );
      }
    },
    { root: list, threshold: 0.3 },
  );
  const check = (line: Element) => {
    if (!watched() || document.visibilityState !== 'visible') {
      since.set(
        line,
        setTimeout(() => check(line), READ_MS),
      );
      return;
    }
    const position = Number((line as HTMLElement).dataset['position'] ?? 0);
    if (position > readUpTo.value) {
      readUpTo.value = position;
      soon();
    }
  };
  const add = () => list.querySelectorAll('[data-position]').forEach((line) => eye.observe(line));
  const changes = new MutationObserver(add);
  changes.observe(list, { childList: true });
  add();
  return () => {
    eye.disconnect();
    changes.disconnect();
    since.forEach((timer) => clearTimeout(timer));
  };
}
