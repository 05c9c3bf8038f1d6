// Ticks for the agent: delivered when a line came here, read when it was in sight for a second.
import { watch } from './state';
import { call } from './http';
import { newest, reads, session } from './model';

const READ_MS = 1000;
let delivered = 0;
let told: Record<string, number> = {};
let due: ReturnType<typeof setTimeout> | undefined;
let started = false;

export function startReceipts(): void {
  if (started) return;
  started = true;
  watch(
    () => !!session.value && newest.value,
    (now) => now && now > delivered && soon(),
  );
}

function soon(): void {
  due ??= setTimeout(() => {
    due = undefined;
    void tell();
  }, 300);
}

async function tell(): Promise<void> {
  if (!session.value) return;
  const before = { delivered, told };
  const now = reads.value;
  const grown = Object.keys(seen).filter((one) => (now[one] ?? 0) > (told[one] ?? 0));
  if (newest.value <= delivered && !grown.length) return;
  delivered = newest.value;
  told = { ...told, ...Object.fromEntries(grown.map((one) => [one, now[one]!])) };
  try {
    if (!grown.length) await call('POST', 'receipts', { delivered });
    for (const one of grown)
      await call('POST', 'receipts', { delivered, read: now[one], case: one });
  } catch {
    ({ delivered, told } = before);
    setTimeout(soon, 5000);
  }
}

/** Cases something was read of here: only they are told, the rest the server knows. */
const seen: Record<string, true> = {};

/** Watches a list of lines; what stays visible long enough counts as read. */
export function watchReading(list: Element, of: string, watched: () => boolean): () => void {
  const since = new Map<Element, ReturnType<typeof setTimeout>>();
  const later = (line: Element) => {
    clearTimeout(since.get(line));
    since.set(
      line,
      setTimeout(() => check(line), READ_MS),
    );
  };
  const eye = new IntersectionObserver(
    (found) => {
      for (const one of found) {
        if (one.isIntersecting) later(one.target);
        else clearTimeout(since.get(one.target));
      }
    },
    { root: list, threshold: 0.3 },
  );
  const check = (line: Element) => {
    if (!watched() || document.visibilityState !== 'visible') {
      later(line);
      return;
    }
    eye.unobserve(line);
    const position = Number((line as HTMLElement).dataset['position'] ?? 0);
    if (position > (reads.value[of] ?? 0)) {
      seen[of] = true;
      reads.value = { ...reads.value, [of]: position };
      soon();
    }
  };
  const look = () =>
    list.querySelectorAll('[data-position]').forEach((line) => {
      if (!since.has(line)) {
        since.set(
          line,
          setTimeout(() => undefined),
        );
        eye.observe(line);
      }
    });
  const grows = new MutationObserver(look);
  grows.observe(list, { childList: true });
  look();
  return () => {
    eye.disconnect();
    grows.disconnect();
    for (const one of since.values()) clearTimeout(one);
  };
}
