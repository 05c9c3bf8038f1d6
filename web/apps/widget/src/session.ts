// Who the visitor is: a session is begun when he opens the widget first, and resumed later.
import { Refused, call, setBearer } from './http';
import {
  type FileOf,
  type Hours,
  type Line,
  type Look,
  type Matter,
  type Opened,
  HOME,
  arriving,
  forget,
  hours,
  language,
  learn,
  lines,
  link,
  look,
  matters,
  merge,
  open,
  place,
  session,
  setTime,
  trouble,
  wait,
} from './model';
import { flush, openOutbox, waiting } from './outbox';
import { watch } from './state';
import { moveDraft, recall, remember } from './storage';
import { speakOn } from './words';

export interface Visitor {
  id?: string;
  name?: string;
  email?: string;
  hash?: string;
}

/** What keeps the line open and draws the talk; fetched when there is something to talk about. */
export type Talk = typeof import('./talk');

const TOKEN = 'token';
const LINK = 'link';
const AGAIN_MS = 2000;
const OFFLINE = { status: 503, retryAfter: 0 };
let key = '';
let user: Visitor | undefined;
let proof: string | undefined;
let told: Record<string, unknown> | undefined;
let carried: string | undefined;
let where = location.origin + location.pathname;
let beginning: Promise<void> | null = null;
let mute = false;
let placed = false;
let fetching: Promise<Talk> | null = null;
let fetched: Talk | undefined;

export interface Given {
  key: string;
  user?: Visitor | undefined;
  token?: string | undefined;
  attributes?: Record<string, unknown> | undefined;
  link?: string | undefined;
  page?: string | undefined;
  preview?: boolean | undefined;
}

export function configure(given: Given): void {
  key = given.key;
  user = given.user;
  proof = given.token;
  told = given.attributes;
  where = given.page ?? where;
  mute = given.preview ?? false;
  carried = mute ? undefined : (given.link ?? recall(LINK) ?? undefined);
  arriving.value = !!carried;
  if (carried) remember(LINK, carried);
  openOutbox((anew) => (anew ? renew() : begin()));
}

/** Fetches the part that talks; a failing network is asked again by the next call. */
export function talk(): Promise<Talk> {
  fetching ??= Promise.all([import('./talk'), speakOn()]).then(
    ([part]) => (fetched = part),
    (error: unknown) => {
      fetching = null;
      throw error;
    },
  );
  return fetching;
}

/** The part that talks, when it is here already. */
export const talkHere = (): Talk | undefined => fetched;

/** Tells whether there is something to go on with: an earlier session, lines that wait, a link. */
export function known(): boolean {
  return !mute && (recall(TOKEN) !== null || waiting() || !!carried);
}

/** A preview is looked at, not used. */
export const looksOnly = (): boolean => mute;

/** The page the widget stands on, without what may be secret in its address. */
export const standsOn = (): string => where;

export async function fetchLook(): Promise<void> {
  const found = await call<{ settings: Look; hours: Hours; now: string }>(
    'GET',
    `look?key=${encodeURIComponent(key)}`,
  );
  setTime(found.now);
  look.value = found.settings;
  hours.value = found.hours;
}

/** Begins or resumes the session once, however often it is asked for. */
export function begin(): Promise<void> {
  if (mute) return new Promise(() => undefined);
  beginning ??= enter().catch((error: unknown) => {
    beginning = null;
    trouble.value = error instanceof Refused ? error.problem.code : 'offline';
    if (arriving.value) again(error);
    throw error;
  });
  return beginning;
}

/** A link is not lost to a bad network, and what was written meanwhile waits for it. */
function again(error: unknown): void {
  const { status, retryAfter } = error instanceof Refused ? error.problem : OFFLINE;
  arriving.value = status >= 500 || status === 429;
  const after = Math.max(AGAIN_MS, retryAfter * 1000);
  if (arriving.value) setTimeout(() => void begin().catch(() => undefined), after);
}

export async function renew(): Promise<void> {
  beginning = null;
  await begin();
}

export async function identify(someone?: Visitor, token?: string): Promise<void> {
  user = someone;
  proof = token;
  if (session.value) await renew();
}

export async function describe(more: Record<string, unknown>): Promise<void> {
  told = more;
  if (session.value) await call('POST', 'attributes', more);
}

async function enter(): Promise<void> {
  link.value = 'connecting';
  const by = carried;
  const opened = await call<Opened>('POST', 'sessions', {
    key,
    token: proof,
    user,
    attributes: told,
    language: language.value,
    page: where,
    ...(by ? { link: by } : { resume: recall(TOKEN) ?? undefined }),
  }).catch((error: unknown) => {
    if (!by || !(error instanceof Refused) || error.problem.status !== 401) throw error;
    return null; // the link is used up: whoever stands here begins as usual
  });
  carried = undefined;
  remember(LINK, null);
  if (!opened) {
    arriving.value = false;
    return enter();
  }
  await take(opened);
}

async function take(opened: Opened): Promise<void> {
  setTime(opened.now);
  setBearer(opened.token);
  if (recall(TOKEN) !== opened.token) {
    remember(TOKEN, opened.token);
    lines.value = lines.value.filter((one) => one.state === 'queued' || one.state === 'failed');
  }
  session.value = opened.session;
  hours.value = opened.hours;
  wait.value = opened.wait;
  look.value = opened.settings;
  trouble.value = '';
  merge(opened.messages);
  learn(opened.cases);
  const { startReceipts, startLine } = await talk();
  goOn(opened.cases);
  arriving.value = false;
  startReceipts();
  startLine(opened.cursor, opened.ticket, { refetch, renew });
  void flush();
}

/** Shows what was looked at last, until the server says that there is no such thing any more. */
export function comeBack(): void {
  const of = recall('place');
  if (of) place.value = { at: 'case', of };
}

/** Comes back to the one matter that goes on, when the visitor has not chosen yet. */
function goOn(list: readonly Matter[]): void {
  const { at, of } = place.value;
  const going = list.filter((one) => one.state === 'open' || one.unread);
  if (of && !matters.value.some((one) => one.id === of)) place.value = HOME;
  else if (at === 'home' && going.length === 1 && (arriving.value || !open.value)) {
    if (arriving.value) moveDraft('', going[0]!.id);
    place.value = { at: 'case', of: going[0]!.id };
  }
  if (placed) return;
  placed = true;
  watch(
    () => place.value,
    ({ of: now }) => session.value && remember('place', now || null),
  );
}

export async function refetch(): Promise<string> {
  const found = await call<{ messages: Line[]; cursor: string }>('GET', 'messages');
  merge(found.messages);
  await refresh();
  return found.cursor;
}

export async function refresh(): Promise<void> {
  learn((await call<{ cases: Matter[] }>('GET', 'cases')).cases);
}

export async function upload(file: File): Promise<FileOf> {
  await begin();
  return call<FileOf>('POST', 'uploads', file, {
    'X-File-Name': encodeURIComponent(file.name),
    'Content-Type': file.type || 'application/octet-stream',
  });
}

/** Forgets the visitor: he closed the chat, or somebody else uses this browser now. */
export async function leave(): Promise<void> {
  if (fetching) (await fetching).stopLine();
  try {
    if (session.value) await call('POST', 'end', {});
  } catch {
    // the session ends by itself
  }
  setBearer(null);
  for (const one of [TOKEN, LINK, 'outbox', 'draft', 'place']) remember(one, null);
  carried = undefined;
  user = proof = told = undefined;
  forget();
  beginning = null;
  link.value = 'idle';
}
