// What the widget knows: matters, lines, session, hours; signals that the screen follows.
import { computed, signal } from './state';

export interface FileOf {
  id: string;
  name: string;
  media_type: string;
  size: number;
}

export type LineState = 'queued' | 'sent' | 'delivered' | 'read' | 'failed';

export interface Line {
  id?: string;
  cid?: string | null;
  /** The Case the line stands in; a line that begins one has only a `matter` until it arrived. */
  case_id?: string;
  matter?: string;
  position?: number;
  from: 'me' | 'agent' | 'system';
  name?: string;
  text: string;
  files: FileOf[];
  at: string;
  state: LineState;
  code?: string | null;
}

/** What is told of the line: how many are before, the minutes rounded up to a band; null = not told. */
export interface Wait {
  before: number | null;
  band: number | null;
  /** The queue is closed; '' = nobody knows until when. */
  closed_until?: string | null;
  /** One may leave the line, and is called or written to. */
  callback?: boolean;
  /** The queue asks for an address instead of letting wait. */
  form?: boolean;
  /** Chat is out of order; the channel to use instead, '' = none is named. */
  outage?: string | null;
}

/** Somebody who left the line and hears from us. */
export interface Callback {
  way: string;
  address: string;
  from: string | null;
  to: string | null;
}

export interface Matter {
  id: string;
  reference: string;
  state: 'open' | 'done';
  title: string;
  last: { text: string; from: string; at: string };
  unread: number;
  read: number;
  agent: string;
  wait: Wait | null;
  callback?: Callback | null;
  ratable: boolean;
  score: number | null;
}

export interface ChatSession {
  id: string;
  how: string;
  email: string | null;
  email_claimed: string | null;
}

export interface Look {
  title?: string;
  greeting?: string;
  color?: string;
  position?: string;
  theme?: string;
  launcher?: string;
  language?: string;
  mail?: boolean;
  link?: boolean;
  logo?: string | null;
}

export interface Hours {
  open: boolean;
  opens_at: string | null;
}

export interface Opened {
  now: string;
  token: string;
  session: ChatSession;
  hours: Hours;
  wait: Wait | null;
  cases: Matter[];
  messages: Line[];
  cursor: string;
  settings: Look;
  ticket: string;
}

export interface Place {
  at: 'home' | 'case' | 'elsewhere';
  /** The Case looked at, or the matter that is about to become one. */
  of: string;
  /** Elsewhere: he leaves the line. */
  leave?: boolean;
}

export const HOME: Place = { at: 'home', of: '' };

export const open = signal(false);
export const place = signal<Place>(HOME);
export const lines = signal<readonly Line[]>([]);
export const cases = signal<readonly Matter[]>([]);
export const session = signal<ChatSession | null>(null);
export const look = signal<Look>({});
/** What the page wants instead of what the account says. */
export const wish = signal<Look & { hideLauncher?: boolean; dir?: string }>({});
export const hours = signal<Hours>({ open: true, opens_at: null });
export const wait = signal<Wait | null>(null);
export const typing = signal<Readonly<Record<string, boolean>>>({});
export const link = signal<'idle' | 'connecting' | 'live' | 'offline'>('idle');
export const trouble = signal('');
let ahead = 0;
/** The server's time: the clock of a visitor's machine may be hours off. */
export const serverNow = (): Date => new Date(Date.now() + ahead);
export const setTime = (server: string): void =>
  void (ahead = Date.parse(server) - Date.now() || 0);
/** A link is being taken: nobody knows yet which matter the visitor goes on with. */
export const arriving = signal(false);
export const language = signal('en');
/** How far the visitor has read each Case. */
export const reads = signal<Readonly<Record<string, number>>>({});
const became = signal<Readonly<Record<string, string>>>({});

/** The Case a matter has become; whatever is one already stays. */
export const resolved = (of: string): string => became.value[of] ?? of;
export const caseOf = (line: Line): string => line.case_id ?? resolved(line.matter ?? '');
export const begins = (of: string): boolean =>
  lines.value.some((one) => one.matter === of) && !became.value[of];

export const newest = computed(() =>
  lines.value.reduce(
    (most, one) => (one.from === 'agent' ? Math.max(most, one.position ?? 0) : most),
    0,
  ),
);

export const unreadIn = computed(() => {
  const found: Record<string, number> = {};
  for (const one of lines.value) {
    const of = caseOf(one);
    if (one.from === 'agent' && (one.position ?? 0) > (reads.value[of] ?? 0))
      found[of] = (found[of] ?? 0) + 1;
  }
  return found;
});

export const unread = computed(() =>
  Object.values(unreadIn.value).reduce((sum, one) => sum + one, 0),
);

/** Every matter, those on their way too, the one spoken of last first. */
export const matters = computed<readonly Matter[]>(() => {
  const found = new Map(cases.value.map((one) => [one.id, { ...one }]));
  for (const line of lines.value) {
    const of = caseOf(line);
    if (!of || line.from === 'system') continue;
    const last = { text: line.text || (line.files[0]?.name ?? ''), from: line.from, at: line.at };
    const known = found.get(of);
    if (!known) found.set(of, { ...UNKNOWN, id: of, title: line.text, last });
    else if (known.last.at <= line.at) known.last = last;
  }
  return [...found.values()].sort((a, b) => (a.last.at < b.last.at ? 1 : -1));
});

const UNKNOWN: Omit<Matter, 'id' | 'last'> = {
  reference: '',
  state: 'open',
  title: '',
  unread: 0,
  read: 0,
  agent: '',
  wait: null,
  ratable: false,
  score: null,
};

export const here = computed(() => matters.value.find((one) => one.id === place.value.of));

const RANK: Record<LineState, number> = { queued: 0, failed: 0, sent: 1, delivered: 2, read: 3 };

/** Takes lines in: one of ours is recognised by its cid, ticks never go back. */
export function merge(news: readonly Line[]): void {
  const known = [...lines.value];
  const grown: Record<string, string> = {};
  for (const one of news) {
    const at = known.findIndex(
      (old) => (one.id !== undefined && old.id === one.id) || (!!one.cid && old.cid === one.cid),
    );
    if (at < 0) known.push(one);
    else {
      const now = joined(known[at]!, one);
      if (now.matter && now.case_id) grown[now.matter] = now.case_id;
      known[at] = now;
    }
  }
  if (Object.keys(grown).length) became.value = { ...became.value, ...grown };
  lines.value = known.sort(order);
  if (resolved(place.value.of) !== place.value.of)
    place.value = { ...place.value, of: resolved(place.value.of) };
}

function joined(old: Line, now: Line): Line {
  const back = old.from === 'me' && RANK[now.state] < RANK[old.state] && now.state !== 'failed';
  return { ...old, ...now, state: back ? old.state : now.state };
}

/** What has a place in the log stands by it; what waits stands below, in the order written. */
function order(a: Line, b: Line): number {
  if (a.position !== undefined && b.position !== undefined) return a.position - b.position;
  if (a.position === undefined && b.position === undefined) return a.at < b.at ? -1 : 1;
  return a.position === undefined ? 1 : -1;
}

export function drop(cid: string): void {
  lines.value = lines.value.filter((one) => one.cid !== cid);
}

/** Takes the list of the server in; marks of reading never go back. */
export function learn(list: readonly Matter[]): void {
  cases.value = list;
  const now = { ...reads.value };
  for (const one of list) now[one.id] = Math.max(now[one.id] ?? 0, one.read);
  reads.value = now;
}

export function waits(id: string, now: Wait | null): void {
  cases.value = cases.value.map((one) => (one.id === id ? { ...one, wait: now } : one));
}

/** Forgets everything of this visitor. */
export function forget(): void {
  lines.value = [];
  cases.value = [];
  reads.value = became.value = {};
  session.value = null;
  arriving.value = false;
  place.value = HOME;
}
