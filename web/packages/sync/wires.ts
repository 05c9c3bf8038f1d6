// Three ways to the same frames: a WebSocket, an event stream, a long poll.

import type { ClientFrame, Place, ServerFrame } from './frames';

export interface SocketLike {
  readonly readyState: number;
  send(text: string): void;
  close(code?: number): void;
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onerror: ((event: Event) => void) | null;
}

/** Plain HTTP, for the event stream, the long poll and what the client says beside them. */
export interface PlainPorts {
  get(path: string, signal: AbortSignal): Promise<Response>;
  post(path: string, body: unknown): Promise<unknown>;
}

export interface Ends {
  frame(frame: ServerFrame): void;
  closed(code: number): void;
}

export interface Wire {
  /** The topics of the hello are known to the server; else they are to be told after the welcome. */
  readonly topics: boolean;
  send(frame: ClientFrame): void;
  close(): void;
}

export type Kind = 'socket' | 'sse' | 'poll';

const OPEN = 1;
const LOST = 1006;
const CODES: Record<number, number> = { 401: 4401, 403: 4403, 429: 4029 };

export function socketWire(socket: SocketLike, ticket: string, place: Place, ends: Ends): Wire {
  const wire: Wire = {
    topics: true,
    send: (frame) => {
      // a socket that is just closing would complain: its close handler makes the next try
      if (socket.readyState === OPEN) socket.send(JSON.stringify(frame));
    },
    close: () => socket.close(),
  };
  socket.onopen = () => wire.send({ t: 'hello', ticket, ...place });
  socket.onmessage = (event) => {
    if (typeof event.data === 'string') ends.frame(JSON.parse(event.data) as ServerFrame);
  };
  socket.onerror = null;
  socket.onclose = (event) => ends.closed(event.code);
  return wire;
}

const query = (place: Place, line?: string): string => {
  const told: Record<string, string> = { schema: String(place.schema), build: place.build };
  if (place.cursor) told.cursor = place.cursor;
  if (place.grants) told.grants = place.grants;
  if (line) told.line = line;
  return new URLSearchParams(told).toString();
};

/** What the client says goes by POST, a moment's frames in one. */
class Saying {
  line: string | undefined;
  private waiting: ClientFrame[] = [];

  constructor(private readonly plain: PlainPorts) {}

  say(frame: ClientFrame): void {
    this.waiting.push(frame);
    if (this.waiting.length === 1) queueMicrotask(() => this.flush());
  }

  private flush(): void {
    const frames = this.waiting;
    this.waiting = [];
    if (!this.line) return;
    this.plain.post('/v1/stream/say', { line: this.line, frames }).catch(() => undefined);
  }
}

/** The whole frames of an event stream, and what is left of the text. */
export function framesOf(text: string): { frames: ServerFrame[]; rest: string } {
  const parts = text.split('\n\n');
  const rest = parts.pop() ?? '';
  const frames = parts.flatMap((part) => {
    const data = part
      .split('\n')
      .filter((row) => row.startsWith('data:'))
      .map((row) => row.slice(5).trimStart());
    return data.length > 0 ? [JSON.parse(data.join('\n')) as ServerFrame] : [];
  });
  return { frames, rest };
}

export function sseWire(plain: PlainPorts, place: Place, ends: Ends): Wire {
  const stop = new AbortController();
  const saying = new Saying(plain);
  const run = async (): Promise<number> => {
    const answer = await plain.get(`/v1/stream/sse?${query(place)}`, stop.signal);
    if (!answer.ok || !answer.body) return CODES[answer.status] ?? LOST;
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    let code = LOST;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return code;
      const found = framesOf(text + value);
      text = found.rest;
      for (const frame of found.frames) {
        if (frame.t === 'welcome') saying.line = frame.line;
        if (frame.t === 'bye') code = frame.code;
        ends.frame(frame);
      }
    }
  };
  finish(run(), stop.signal, ends);
  return { topics: false, send: (frame) => saying.say(frame), close: () => stop.abort() };
}

export function pollWire(plain: PlainPorts, place: Place, ends: Ends): Wire {
  const stop = new AbortController();
  const saying = new Saying(plain);
  const at: Place = { ...place };
  const take = (frame: ServerFrame): number | undefined => {
    if (frame.t === 'welcome') saying.line = frame.line;
    if (frame.t === 'welcome' || frame.t === 'ev' || frame.t === 'hb') at.cursor = frame.cursor;
    if (frame.t === 'welcome') at.grants = frame.grants;
    if (!stop.signal.aborted) ends.frame(frame);
    return frame.t === 'bye' ? frame.code : undefined;
  };
  const run = async (): Promise<number> => {
    while (!stop.signal.aborted) {
      const asked = `/v1/stream/poll?wait=25&${query(at, saying.line)}`;
      const answer = await plain.get(asked, stop.signal);
      if (!answer.ok) return CODES[answer.status] ?? LOST;
      const { frames } = (await answer.json()) as { frames: ServerFrame[] };
      for (const frame of frames) {
        const over = take(frame);
        if (over !== undefined) return over;
      }
    }
    return LOST;
  };
  finish(run(), stop.signal, ends);
  return {
    topics: false,
    // the next poll is the sign of life
    send: (frame) => (frame.t === 'pong' ? undefined : saying.say(frame)),
    close: () => stop.abort(),
  };
}

function finish(running: Promise<number>, stopped: AbortSignal, ends: Ends): void {
  running
    .catch(() => LOST)
    .then((code) => {
      if (!stopped.aborted) ends.closed(code);
    })
    .catch(() => undefined);
}
