// The open line: one socket with the log's frames and the gap rule; long poll where sockets break.
import { Refused, call, socketAddress } from './http';
import { type Line, type Wait, cases, link, merge, typing, waits } from './model';
import { refresh } from './session';

interface Frame {
  t: string;
  prev?: string;
  cursor?: string;
  code?: number;
  kind?: string;
  n?: number;
  retry_after_ms?: number;
  data?: { typing?: boolean; case_id?: string; wait?: Wait | null };
  events?: { entity?: string; op: string; data?: Line }[];
}

export interface Hooks {
  /** Fetch everything afresh; returns the cursor that goes with it. */
  refetch: () => Promise<string>;
  /** The session has ended: begin anew. */
  renew: () => Promise<void>;
}

const SILENCE_MS = 45_000;
const LIFE_MS = 15_000;
let socket: WebSocket | null = null;
let cursor = '';
let ticket: string | null = null;
let failures = 0;
let wanted = false;
let resting: ReturnType<typeof setTimeout> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;
let soon: ReturnType<typeof setTimeout> | undefined;
const quiet: Record<string, ReturnType<typeof setTimeout>> = {};
let polling: AbortController | null = null;
let hooks: Hooks;

export function startLine(from: string, firstTicket: string | null, given: Hooks): void {
  cursor = from;
  ticket = firstTicket;
  hooks = given;
  if (wanted) {
    reconnect(0);
    return;
  }
  wanted = true;
  addEventListener('online', wake);
  addEventListener('offline', () => (link.value = 'offline'));
  document.addEventListener('visibilitychange', wake);
  addEventListener('focus', wake);
  setInterval(sign, LIFE_MS);
  void connect();
}

export function stopLine(): void {
  wanted = false;
  polling?.abort();
  clearTimeout(resting);
  clearTimeout(silence);
  socket?.close();
  socket = null;
}

function wake(): void {
  sign();
  if (document.visibilityState === 'visible' && wanted && !socket && !polling) reconnect(0);
}

/** A page nobody looks at gives no sign of life: then answers may go on by e-mail. */
function sign(): void {
  if (document.visibilityState === 'visible' && socket?.readyState === WebSocket.OPEN)
    socket.send('{"t":"pong","n":0}');
}

function reconnect(after: number): void {
  clearTimeout(resting);
  if (!wanted) return;
  const spread = Math.random() * Math.min(30_000, 500 * 2 ** Math.min(failures, 6));
  resting = setTimeout(() => void connect(), Math.max(after, failures ? spread : 0));
}

async function connect(): Promise<void> {
  if (!wanted || socket || polling) return;
  if (link.value !== 'live') link.value = 'connecting';
  try {
    const drawn = ticket ?? (await call<{ ticket: string }>('POST', 'ticket', {})).ticket;
    ticket = null;
    if (failures >= 2 && failures % 6 !== 0) await poll();
    else openSocket(drawn);
  } catch (error) {
    await broken(error);
  }
}

async function broken(error: unknown): Promise<void> {
  failures += 1;
  link.value = 'offline';
  if (error instanceof Refused && error.problem.status === 401) {
    try {
      await hooks.renew();
      return; // the new session starts its own line
    } catch {
      // tried again below
    }
  }
  reconnect(0);
}

function openSocket(drawn: string): void {
  const mine = new WebSocket(socketAddress());
  socket = mine;
  let ended = false;
  let rest = 0;
  mine.onopen = () => {
    mine.send(
      JSON.stringify({ t: 'hello', ticket: drawn, cursor, schema: 1, build: '', topics: [] }),
    );
    heard();
  };
  mine.onmessage = (event) => {
    const told = JSON.parse(String(event.data)) as Frame;
    heard();
    if (told.t === 'bye') {
      rest = told.retry_after_ms ?? 0;
      ended = told.code === 4401;
      if (told.code === 4009) wanted = false;
    } else if (!take(told)) mine.close();
  };
  mine.onclose = () => {
    if (socket !== mine) return;
    socket = null;
    clearTimeout(silence);
    failures += 1;
    link.value = 'offline';
    if (ended) void hooks.renew().catch(() => reconnect(1000));
    else reconnect(rest);
  };
}

function heard(): void {
  clearTimeout(silence);
  silence = setTimeout(() => socket?.close(), SILENCE_MS);
}

/** Takes one frame in; false = frames are missing, resume from our place. */
function take(told: Frame): boolean {
  switch (told.t) {
    case 'welcome':
      failures = 0;
      link.value = 'live';
      sign();
      return true;
    case 'ev':
    case 'hb':
      if (told.prev !== cursor) return false;
      cursor = told.cursor ?? cursor;
      apply(told);
      return true;
    case 'early':
      apply(told);
      return true;
    case 'reset':
      cursor = told.cursor ?? cursor;
      void hooks.refetch().catch(() => undefined);
      return true;
    case 'eph':
      if (told.kind === 'typing') types(told.data?.case_id ?? '', told.data?.typing !== false);
      else if (told.kind === 'wait') waits(told.data?.case_id ?? '', told.data?.wait ?? null);
      return true;
    default:
      return true;
  }
}

function apply(told: Frame): void {
  const news = (told.events ?? []).filter((one) => one.entity === 'chat_message');
  const whole = news.flatMap((one) => (one.op === 'upsert' && one.data ? [one.data] : []));
  if (whole.length) {
    merge(whole);
    for (const one of whole) if (one.from === 'agent') types(one.case_id ?? '', false);
    if (whole.some(tells)) later();
  }
  if (news.some((one) => one.op === 'touch')) void hooks.refetch().catch(() => undefined);
}

/** A line after which the list of matters says something else. */
function tells(one: Line): boolean {
  return one.from === 'system' || !cases.value.some((known) => known.id === one.case_id);
}

function later(): void {
  clearTimeout(soon);
  soon = setTimeout(() => void refresh().catch(() => undefined), 400);
}

function types(of: string, on: boolean): void {
  typing.value = { ...typing.value, [of]: on };
  clearTimeout(quiet[of]);
  if (on) quiet[of] = setTimeout(() => types(of, false), 6000);
}

async function poll(): Promise<void> {
  polling = new AbortController();
  try {
    for (let round = 0; wanted && round < 10; round += 1) {
      const path = `poll?cursor=${encodeURIComponent(cursor)}&wait=25`;
      const found = await call<{ frames: Frame[] }>('GET', path, undefined, {}, polling.signal);
      link.value = 'live';
      found.frames.forEach(take);
    }
    failures = 0;
  } finally {
    polling = null;
  }
  reconnect(0);
}
