// The stream client against a scripted server: gaps, resumes, resets, closings.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientFrame, ServerFrame, StreamEvent } from './frames';
import { Stream, type SocketLike, type StreamPorts, type StreamState } from './stream';

class Wire implements SocketLike {
  sent: ClientFrame[] = [];
  shut = false;
  readyState = 1;
  onopen: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent) => void) | null = null;
  onclose: ((event: CloseEvent) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }
  close(): void {
    this.shut = true;
  }
  frame(frame: ServerFrame): void {
    this.onmessage?.(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }
  welcome(cursor: string): void {
    this.onopen?.(new Event('open'));
    this.frame({
      t: 'welcome',
      cursor,
      grants: 'g',
      schema: 1,
      build: 'b',
      now: '2026-01-01T00:00:00Z',
      hb: 20,
    });
  }
  ev(prev: string, cursor: string, ids: string[]): void {
    const events = ids.map((id): StreamEvent => ({
      type: 'x',
      op: 'upsert',
      entity: 'row',
      id,
      v: 1,
    }));
    this.frame({ t: 'ev', prev, cursor, events });
  }
}

const closing = (code: number): CloseEvent =>
  Object.assign(new Event('close'), { code, reason: '', wasClean: true });

interface Bench {
  wires: Wire[];
  applied: string[];
  states: StreamState[];
  stream: Stream;
  tickets: (string | null | Error)[];
}

function bench(reset: StreamPorts['reset'] = () => Promise.resolve('9')): Bench {
  const out: Omit<Bench, 'stream'> = { wires: [], applied: [], states: [], tickets: [] };
  const stream = new Stream(
    {
      ticket: () => {
        const next = out.tickets.length > 0 ? out.tickets.shift() : 'ticket';
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(next ?? null);
      },
      open: () => {
        const wire = new Wire();
        out.wires.push(wire);
        return wire;
      },
      apply: (events) => out.applied.push(...events.map((event) => event.id ?? '')),
      reset,
      time: () => undefined,
      ephemeral: () => undefined,
      build: () => undefined,
      state: (state) => out.states.push(state),
      random: () => 0.5,
    },
    { schema: 1, build: 'b' },
  );
  return { ...out, stream };
}

const tick = (ms = 0): Promise<void> => vi.advanceTimersByTimeAsync(ms).then(() => undefined);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

async function live(cursor = '1'): Promise<Bench> {
  const made = bench();
  made.stream.start(cursor, 'g');
  await tick();
  made.wires[0]?.welcome(cursor);
  return made;
}

describe('stream', () => {
  it('says hello with ticket and cursor, applies frames in step and moves its cursor', async () => {
    const { wires, applied, stream } = await live();
    expect(wires[0]?.sent[0]).toMatchObject({
      t: 'hello',
      ticket: 'ticket',
      cursor: '1',
      grants: 'g',
    });
    wires[0]?.ev('1', '2', ['a']);
    wires[0]?.ev('2', '5', ['b']);
    expect(applied).toEqual(['a', 'b']);
    expect(stream.cursor).toBe('5');
  });

  it('drops a frame behind a gap and resumes from where it stands', async () => {
    const { wires, applied } = await live();
    wires[0]?.ev('1', '2', ['a']);
    wires[0]?.ev('3', '4', ['c']);
    await tick();
    expect(wires[0]?.shut).toBe(true);
    wires[1]?.welcome('2');
    expect(wires[1]?.sent[0]).toMatchObject({ t: 'hello', cursor: '2' });
    wires[1]?.ev('2', '4', ['b', 'c']);
    expect(applied).toEqual(['a', 'b', 'c']);
  });

  it('sees a gap by the heartbeat when the stream is silent', async () => {
    const { wires } = await live();
    wires[0]?.frame({ t: 'hb', prev: '7', cursor: '8', now: '2026-01-01T00:00:00Z', lag_ms: 0 });
    await tick();
    expect(wires).toHaveLength(2);
  });

  it('applies early frames without moving its cursor', async () => {
    const { wires, applied, stream } = await live();
    wires[0]?.frame({ t: 'early', events: [{ type: 'x', op: 'upsert', id: 'soon' }] });
    expect(applied).toEqual(['soon']);
    expect(stream.cursor).toBe('1');
  });

  it('tries for ever with growing pauses while the server is away', async () => {
    const made = bench();
    made.tickets.push(...Array.from({ length: 60 }, () => new Error('away')));
    made.stream.start('1', 'g');
    await tick(60 * 30_000);
    expect(made.tickets).toHaveLength(0);
    expect(made.wires.length).toBeGreaterThan(0);
  });

  it('stops at the end of the session and stays closed when another tab replaces it', async () => {
    const ended = await live();
    ended.wires[0]?.onclose?.(closing(4401));
    await tick(120_000);
    expect(ended.stream.state).toBe('ended');
    expect(ended.wires).toHaveLength(1);
    const replaced = await live();
    replaced.wires[0]?.onclose?.(closing(4009));
    await tick(120_000);
    expect(replaced.stream.state).toBe('replaced');
  });

  it('fetches again on a reset of everything and goes on from the new cursor', async () => {
    const { wires, stream } = await live();
    wires[0]?.frame({ t: 'reset', scope: 'all', reason: 'epoch' });
    await tick();
    wires[1]?.welcome('9');
    expect(stream.cursor).toBe('9');
    expect(wires[1]?.sent[0]).toMatchObject({ cursor: '9' });
  });

  it('answers pings at once and gives a silent line up after ten seconds', async () => {
    const { wires } = await live();
    wires[0]?.frame({ t: 'ping', n: 4 });
    expect(wires[0]?.sent).toContainEqual({ t: 'pong', n: 4 });
    wires[0]?.frame({ t: 'ping', n: 5 });
    await tick(10_001);
    expect(wires[0]?.shut).toBe(true);
    await tick(31_000);
    expect(wires.length).toBeGreaterThan(1);
  });

  it('subscribes topics once, however many ask, and again after a resume', async () => {
    const { wires, stream } = await live();
    const leave = stream.join('case:1');
    stream.join('case:1')();
    await tick();
    wires[0]?.onclose?.(closing(1012));
    await tick(1_000);
    wires[1]?.welcome('1');
    expect(wires[1]?.sent[0]).toMatchObject({ topics: ['case:1'] });
    leave();
    await tick(250);
    expect(wires[1]?.sent).toContainEqual({ t: 'unsub', topics: ['case:1'] });
    expect(wires[0]?.sent.filter((frame) => frame.t === 'sub')).toHaveLength(1);
  });

  it('subscribes a topic before it says something to it, also what was said before the line was open', async () => {
    const { stream, wires } = bench();
    stream.start('1', 'g');
    const leave = stream.join('case:1');
    stream.say('case:1', 'viewing');
    stream.join('case:2');
    stream.say('case:2', 'viewing');
    stream.join('case:3')();
    stream.say('case:3', 'viewing');
    await tick();
    wires[0]?.welcome('1');
    await tick();
    const told = wires[0]?.sent.flatMap((one) => (one.t === 'eph' ? one.topic : []));
    expect(told).toEqual(['case:1', 'case:2']);
    leave();
    stream.join('case:4');
    stream.say('case:4', 'viewing');
    const sent = wires[0]?.sent ?? [];
    const sub = sent.findIndex((one) => one.t === 'sub' && one.topics.includes('case:4'));
    const eph = sent.findIndex((one) => one.t === 'eph' && one.topic === 'case:4');
    expect(sub).toBeGreaterThan(0);
    expect(eph).toBeGreaterThan(sub);
  });

  it('ends equal to the log under random losses, doubles and cuts', async () => {
    const made = bench();
    made.stream.start('0', 'g');
    await tick();
    const log = Array.from({ length: 200 }, (_, n) => `m${n + 1}`);
    let seed = 7;
    const random = (): number => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
    for (let turn = 0; turn < 5_000 && made.stream.cursor !== '200'; turn += 1) {
      const wire = made.wires[made.wires.length - 1];
      if (!wire || wire.shut || made.stream.state === 'waiting') {
        await tick(31_000);
        continue;
      }
      if (made.stream.state !== 'live') wire.welcome(String(made.stream.cursor));
      const at = Number(made.stream.cursor);
      const luck = random();
      const next = luck < 0.15 ? at + 1 : luck < 0.25 ? Math.max(0, at - 1) : at;
      if (luck > 0.93) wire.onclose?.(closing(1006));
      else if (next < 200) wire.ev(String(next), String(next + 1), [log[next] ?? '']);
      await tick(1);
    }
    expect(made.applied).toEqual(log);
  });
});
