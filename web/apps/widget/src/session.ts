// Who the visitor is: a session is begun when he opens the widget first, and resumed later.
import { Refused, call, fetchFile, setBearer } from './http';
import { startLine, stopLine } from './line';
import {
  type FileOf,
  type Line,
  type Opened,
  agent,
  hours,
  language,
  lines,
  link,
  look,
  merge,
  readUpTo,
  session,
  trouble,
} from './model';
import { flush, openOutbox, waits } from './outbox';
import { recall, remember } from './storage';

export interface Visitor {
  id?: string;
  name?: string;
  email?: string;
  hash?: string;
}

const TOKEN = 'token';
let key = '';
let user: Visitor | undefined;
let proof: string | undefined;
let beginning: Promise<void> | null = null;

export function configure(accountKey: string, someone?: Visitor, token?: string): void {
  key = accountKey;
  user = someone;
  proof = token;
  openOutbox((anew) => (anew ? renew() : begin()));
}

/** Tells whether there is something to go on with: an earlier session, or lines that wait. */
export function known(): boolean {
  return recall(TOKEN) !== null || waits();
}

/** Begins or resumes the session once, however often it is asked for. */
export function begin(): Promise<void> {
  beginning ??= enter().catch((error: unknown) => {
    beginning = null;
    trouble.value = error instanceof Refused ? error.problem.code : 'offline';
    throw error;
  });
  return beginning;
}

export async function renew(): Promise<void> {
  beginning = null;
  await begin();
}

export async function identify(
  someone: Visitor | undefined,
  token: string | undefined,
): Promise<void> {
  user = someone;
  proof = token;
  if (session.value) await renew();
}

async function enter(): Promise<void> {
  link.value = 'connecting';
  const opened = await call<Opened>('POST', 'sessions', {
    key,
    token: proof,
    user,
    language: language.value,
    page: location.origin + location.pathname,
    resume: recall(TOKEN) ?? undefined,
  });
  setBearer(opened.token);
  if (recall(TOKEN) !== opened.token) {
    remember(TOKEN, opened.token);
    lines.value = lines.value.filter((one) => one.state === 'queued' || one.state === 'failed');
  }
  session.value = opened.session;
  hours.value = opened.hours;
  look.value = opened.settings;
  agent.value = opened.agent;
  readUpTo.value = Math.max(opened.read, readUpTo.value);
  trouble.value = '';
  merge(opened.messages);
  startLine(opened.cursor, opened.ticket, { refetch, renew });
  void flush();
}

async function refetch(): Promise<string> {
  const found = await call<{ messages: Line[]; agent: string; cursor: string }>('GET', 'messages');
  merge(found.messages);
  agent.value = found.agent;
  return found.cursor;
}

export async function upload(file: File): Promise<FileOf> {
  await begin();
  return call<FileOf>('POST', 'uploads', file, {
    'X-File-Name': encodeURIComponent(file.name),
    'Content-Type': file.type || 'application/octet-stream',
  });
}

export async function download(file: FileOf): Promise<void> {
  const place = URL.createObjectURL(await fetchFile(file.id));
  const anchor = document.createElement('a');
  anchor.href = place;
  anchor.download = file.name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(place), 60_000);
}

export async function askCode(address: string): Promise<void> {
  await begin();
  const told = await call<{ address: string }>('POST', 'email', { address });
  if (session.value) session.value = { ...session.value, email_claimed: told.address };
}

export async function giveCode(code: string): Promise<void> {
  const told = await call<{ email: string }>('POST', 'code', { code });
  if (session.value) session.value = { ...session.value, email: told.email };
}

/** Forgets the visitor: he closed the chat, or somebody else uses this browser now. */
export async function leave(): Promise<void> {
  stopLine();
  try {
    if (session.value) await call('POST', 'end', {});
  } catch {
    // the session ends by itself
  }
  setBearer(null);
  remember(TOKEN, null);
  remember('outbox', null);
  remember('draft', null);
  lines.value = [];
  session.value = null;
  beginning = null;
  link.value = 'idle';
}
