// What the widget knows: lines, session, hours; signals that the screen follows.
import { computed, signal } from '@preact/signals';

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
  position?: number;
  from: 'me' | 'agent' | 'system';
  name?: string;
  text: string;
  files: FileOf[];
  at: string;
  state: LineState;
  code?: string | null;
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
  position?: 'left' | 'right';
  language?: string;
  mail?: boolean;
}

export interface Hours {
  open: boolean;
  opens_at: string | null;
}

export interface Opened {
  token: string;
  session: ChatSession;
  hours: Hours;
  messages: Line[];
  agent: string;
  cursor: string;
  read: number;
  settings: Look;
  ticket: string;
}

export const open = signal(false);
export const lines = signal<readonly Line[]>([]);
export const session = signal<ChatSession | null>(null);
export const look = signal<Look>({});
export const hours = signal<Hours>({ open: true, opens_at: null });
export const agent = signal('');
export const typing = signal(false);
export const link = signal<'idle' | 'connecting' | 'live' | 'offline'>('idle');
export const trouble = signal('');
export const readUpTo = signal(0);
export const language = signal('en');

export const newest = computed(() =>
  lines.value.reduce(
    (most, one) => (one.from === 'agent' ? Math.max(most, one.position ?? 0) : most),
    0,
  ),
);
export const unread = computed(
  () =>
    lines.value.filter((one) => one.from === 'agent' && (one.position ?? 0) > readUpTo.value)
      .length,
);

const RANK: Record<LineState, number> = { queued: 0, failed: 0, sent: 1, delivered: 2, read: 3 };

/** Takes lines in: one of ours is recognised by its cid, ticks never go back. */
export function merge(news: readonly Line[]): void {
  const known = [...lines.value];
  for (const one of news) {
    const at = known.findIndex(
      (old) => (one.id !== undefined && old.id === one.id) || (!!one.cid && old.cid === one.cid),
    );
    if (at < 0) known.push(one);
    else known[at] = joined(known[at]!, one);
  }
  lines.value = known.sort(order);
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
