// The event stream and the long poll bring the same frames as a socket, whatever pieces they come in.
import { describe, expect, it } from 'vitest';
import type { ClientFrame, ServerFrame } from './frames';
import { framesOf, pollWire, sseWire, type Ends, type PlainPorts } from './wires';

const FRAMES: ServerFrame[] = [
  {
    t: 'welcome',
    cursor: '1.1.1',
    grants: 'g',
    schema: 1,
    build: 'b',
    now: '2026-01-01T00:00:00Z',
    hb: 20,
    line: 'name',
  },
  { t: 'ev', prev: '1.1.1', cursor: '1.2.1', events: [{ type: 'x\n\n', op: 'fact' }] },
  { t: 'ping', n: 3 },
  { t: 'bye', code: 1012, reason: 'restart' },
];
const PLACE = { schema: 1, build: 'b', topics: [], cursor: '1.1.1' };
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 5));

function ends(): { heard: ServerFrame[]; codes: number[]; ends: Ends } {
  const heard: ServerFrame[] = [];
  const codes: number[] = [];
  return {
    heard,
    codes,
    ends: { frame: (frame) => heard.push(frame), closed: (code) => codes.push(code) },
  };
}

function plain(answers: (() => Response)[]): PlainPorts & { asked: string[]; said: unknown[] } {
  const asked: string[] = [];
  const said: unknown[] = [];
  return {
    asked,
    said,
    get: (path, signal) => {
      asked.push(path);
      const next = answers.shift();
      if (next) return Promise.resolve(next());
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted'))),
      );
    },
    post: (path, body) => {
      said.push([path, body]);
      return Promise.resolve();
    },
  };
}

const poured = FRAMES.map((frame) => `id: x\nevent: frame\ndata: ${JSON.stringify(frame)}\n\n`);

describe('wires', () => {
  it('finds whole frames in any pieces of an event stream', () => {
    const text = `: hello\n\n${poured.join('')}`;
    for (let size = 1; size < 40; size += 7) {
      let rest = '';
      const found: ServerFrame[] = [];
      for (let at = 0; at < text.length; at += size) {
        const step = framesOf(rest + text.slice(at, at + size));
        rest = step.rest;
        found.push(...step.frames);
      }
      expect(found).toEqual(FRAMES);
    }
  });

  it('brings an event stream to its end and says things by its name', async () => {
    const { heard, codes, ends: to } = ends();
    const ports = plain([() => new Response(poured.join(''))]);
    const wire = sseWire(ports, PLACE, {
      ...to,
      frame: (frame) => {
        to.frame(frame);
        if (frame.t === 'ping') wire.send({ t: 'pong', n: frame.n });
      },
    });
    await settled();
    expect(heard).toEqual(FRAMES);
    expect(codes).toEqual([1012]);
    const frames: ClientFrame[] = [{ t: 'pong', n: 3 }];
    expect(ports.said).toEqual([['/v1/stream/say', { line: 'name', frames }]]);
  });

  it('polls from where it stands, naming its line', async () => {
    const { heard, codes, ends: to } = ends();
    const answer = (frames: ServerFrame[]) => () => Response.json({ line: 'name', frames });
    const ports = plain([answer(FRAMES.slice(0, 2)), answer(FRAMES.slice(2))]);
    pollWire(ports, PLACE, to);
    await settled();
    expect(heard).toEqual(FRAMES);
    expect(codes).toEqual([1012]);
    expect(ports.asked[0]).toContain('cursor=1.1.1');
    expect(ports.asked[1]).toContain('cursor=1.2.1');
    expect(ports.asked[1]).toContain('line=name');
  });

  it('tells an ended session, a foreign page and a lost line apart', async () => {
    for (const [status, code] of [
      [401, 4401],
      [403, 4403],
      [503, 1006],
    ] as const) {
      const { codes, ends: to } = ends();
      sseWire(plain([() => new Response('', { status })]), PLACE, to);
      pollWire(plain([() => new Response('', { status })]), PLACE, to);
      await settled();
      expect(codes).toEqual([code, code]);
    }
  });

  it('says nothing more once it is closed', async () => {
    const { codes, ends: to } = ends();
    pollWire(plain([]), PLACE, to).close();
    await settled();
    expect(codes).toEqual([]);
  });
});
