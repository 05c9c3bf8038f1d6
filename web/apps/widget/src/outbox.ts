// What the visitor wrote and the server has not confirmed yet: survives a reload, leaves once.
import { Refused, call } from './http';
import { type FileOf, type Line, drop, merge, serverNow } from './model';
import { onOtherTab, recall, remember } from './storage';

interface Waiting {
  cid: string;
  text: string;
  files: FileOf[];
  at: string;
  /** The Case it goes on in, or the matter it begins. */
  case_id?: string;
  matter?: string;
  failed?: boolean;
}

const NAME = 'outbox';
let again: ReturnType<typeof setTimeout> | undefined;
let tries = 0;
let running = false;
let enter: (anew: boolean) => Promise<void> = () => Promise.resolve();

function read(): Waiting[] {
  try {
    const held: unknown = JSON.parse(recall(NAME) ?? '[]');
    return Array.isArray(held) ? (held as Waiting[]) : [];
  } catch {
    return [];
  }
}

function write(change: (held: Waiting[]) => Waiting[]): void {
  const now = change(read());
  remember(NAME, now.length ? JSON.stringify(now) : null);
}

/** Shows what waits; ``entered`` begins the session, anew when the server no longer knows ours. */
export function openOutbox(entered: (anew: boolean) => Promise<void>): void {
  enter = entered;
  show();
  onOtherTab(NAME, show);
  addEventListener('online', () => {
    tries = 0;
    void flush();
  });
}

function lineOf({ failed: _, ...one }: Waiting): Omit<Line, 'state'> {
  return { ...one, from: 'me' };
}

/** An id even where the page is no secure context and the browser offers none. */
export function uuid(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 15) | 64;
  bytes[8] = (bytes[8]! & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function show(): void {
  merge(
    read().map((one) => ({
      ...lineOf(one),
      state: one.failed ? ('failed' as const) : ('queued' as const),
    })),
  );
}

export function waiting(): boolean {
  return read().some((one) => !one.failed);
}

/** Keeps a line and sends it: into a Case, or into a matter that begins with it. */
export function say(
  text: string,
  files: FileOf[],
  to: { case_id?: string; matter?: string },
): void {
  const one: Waiting = { cid: uuid(), text, files, at: serverNow().toISOString(), ...to };
  write((held) => [...held, one]);
  show();
  tries = 0;
  void flush();
}

export function retry(cid: string): void {
  write((held) => held.map((one) => (one.cid === cid ? { ...one, failed: false } : one)));
  merge(
    read()
      .filter((one) => one.cid === cid)
      .map((one) => ({ ...lineOf(one), state: 'queued' })),
  );
  tries = 0;
  void flush();
}

export function discard(cid: string): void {
  write((held) => held.filter((one) => one.cid !== cid));
  drop(cid);
}

/** Sends one after the other; one tab at a time where the browser can say so. */
export async function flush(): Promise<void> {
  if (running) return;
  running = true;
  clearTimeout(again);
  try {
    await alone(send);
  } finally {
    running = false;
  }
}

/** One tab at a time where the browser can say so; a frame without storage has no locks either. */
async function alone(act: () => Promise<void>): Promise<void> {
  let begun = false;
  const once = () => {
    begun = true;
    return act();
  };
  try {
    if (navigator.locks) await navigator.locks.request(`polyphony-${NAME}`, once);
  } catch (error) {
    if (begun) throw error;
  }
  if (!begun) await act();
}

async function send(): Promise<void> {
  for (;;) {
    const one = read().find((held) => !held.failed);
    if (!one) return;
    try {
      await enter(false);
      const { cid, text, case_id, matter } = one;
      const to = case_id ? { case: case_id } : matter ? { matter } : {};
      const body = { cid, text, files: one.files.map((file) => file.id), ...to };
      const answer = await call<{ at: string }>('POST', 'messages', body, {
        'Idempotency-Key': one.cid,
      });
      write((held) => held.filter((other) => other.cid !== one.cid));
      merge([{ ...lineOf(one), at: answer.at, state: 'sent' }]);
      tries = 0;
    } catch (error) {
      if (await hopeless(error)) {
        write((held) =>
          held.map((other) => (other.cid === one.cid ? { ...other, failed: true } : other)),
        );
        show();
      } else {
        later(error instanceof Refused ? error.problem.retryAfter : 0);
        return;
      }
    }
  }
}

/** Tells whether trying again cannot help; an ended session is begun anew first. */
async function hopeless(error: unknown): Promise<boolean> {
  if (!(error instanceof Refused)) return false;
  const { status } = error.problem;
  if (status === 401) {
    try {
      await enter(true);
      return false;
    } catch (refused) {
      return (
        refused instanceof Refused && refused.problem.status < 500 && refused.problem.status !== 429
      );
    }
  }
  return status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status);
}

function later(seconds: number): void {
  tries += 1;
  const spread = Math.random() * Math.min(30_000, 500 * 2 ** Math.min(tries, 6)) + 250;
  again = setTimeout(() => void flush(), Math.max(seconds * 1000, spread));
}
