// What the visitor wrote and the server has not confirmed yet: survives a reload, leaves once.
import { Refused, call } from './http';
import { type FileOf, drop, merge } from './model';
import { onOtherTab, recall, remember } from './storage';

interface Waiting {
  cid: string;
  text: string;
  files: FileOf[];
  at: string;
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

function show(): void {
  merge(
    read().map((one) => ({
      cid: one.cid,
      from: 'me' as const,
      text: one.text,
      files: one.files,
      at: one.at,
      state: one.failed ? ('failed' as const) : ('queued' as const),
    })),
  );
}

export function waits(): boolean {
  return read().some((one) => !one.failed);
}

export function say(text: string, files: FileOf[]): void {
  const one: Waiting = { cid: crypto.randomUUID(), text, files, at: new Date().toISOString() };
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
      .map((one) => ({ ...one, from: 'me', state: 'queued' })),
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
    if (navigator.locks) await navigator.locks.request(`polyphony-${NAME}`, send);
    else await send();
  } finally {
    running = false;
  }
}

async function send(): Promise<void> {
  for (;;) {
    const one = read().find((held) => !held.failed);
    if (!one) return;
    try {
      await enter(false);
      const body = { cid: one.cid, text: one.text, files: one.files.map((file) => file.id) };
      const answer = await call<{ at: string }>('POST', 'messages', body, {
        'Idempotency-Key': one.cid,
      });
      write((held) => held.filter((other) => other.cid !== one.cid));
      merge([
        {
          cid: one.cid,
          from: 'me',
          text: one.text,
          files: one.files,
          at: answer.at,
          state: 'sent',
        },
      ]);
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
