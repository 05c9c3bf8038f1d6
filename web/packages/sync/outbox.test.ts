// The outbox: nothing lost, nothing doubled, order of a Case kept, questions asked.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Outbox, type OutItem, type OutboxStorage, type Verdict } from './outbox';
import { memoryShelf } from './shelf';

const shelf = (): OutboxStorage => {
  const kept = memoryShelf<OutItem>();
  return { all: kept.all, put: (item) => kept.put(item.cid, item), remove: kept.remove };
};

const refusal = { status: 422, code: 'invalid', title: 'No', detail: '', facts: {} };

function make(
  storage: OutboxStorage,
  answer: (item: OutItem) => Verdict,
): { box: Outbox; sent: string[] } {
  const sent: string[] = [];
  const box = new Outbox({
    storage,
    send: (item) => {
      sent.push(item.cid);
      return Promise.resolve(answer(item));
    },
    missed: () => undefined,
    now: () => Date.now(),
    random: () => 0,
  });
  return { box, sent };
}

const item = (cid: string, lane = 'case'): Parameters<Outbox['add']>[0] => ({
  cid,
  lane,
  kind: 'reply',
  path: '/x',
  body: { text: cid },
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const tick = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('outbox', () => {
  it('sends a lane in order, waits out a broken line and keeps the order', async () => {
    let broken = 3;
    const { box, sent } = make(shelf(), () =>
      broken-- > 0 ? { kind: 'later' } : { kind: 'accepted' },
    );
    box.resume();
    for (const cid of ['a', 'b', 'c']) await box.add(item(cid));
    await tick(60_000);
    expect(sent).toEqual(['a', 'a', 'a', 'a', 'b', 'c']);
  });

  it('hurries what rests on a guess once anything gets through, not what the server put off', async () => {
    let broken = true;
    const { box, sent } = make(shelf(), ({ lane }) => {
      if (lane === 'put off') return { kind: 'later', after_ms: 60_000 };
      return lane === 'far' && broken ? { kind: 'later' } : { kind: 'accepted' };
    });
    box.resume();
    await box.add(item('a', 'far'));
    await box.add(item('b', 'put off'));
    await tick(8_000); // several failures: the guess is longer than a second by now
    sent.length = 0;
    broken = false;
    await box.add(item('c', 'near'));
    await tick(10);
    expect(sent).toEqual(['c', 'a']);
  });

  it('survives a reload: an item in flight is sent again under the same key', async () => {
    const storage = shelf();
    const first = make(storage, () => ({ kind: 'later' }));
    first.box.resume();
    await first.box.add(item('a'));
    await first.box.add(item('b'));
    first.box.pause();
    const second = make(storage, () => ({ kind: 'accepted' }));
    await second.box.load();
    second.box.resume();
    await tick(5);
    expect(second.sent).toEqual(['a', 'b']);
  });

  it('removes an item when its echo comes, before or after the answer', async () => {
    const { box } = make(shelf(), () => ({ kind: 'accepted' }));
    box.resume();
    await box.add(item('a'));
    await tick();
    expect(box.list()[0]?.state).toBe('accepted');
    await box.echo('a');
    expect(box.list()).toEqual([]);
  });

  it('asks when a colleague was faster, and lets the rest of the Case wait', async () => {
    let asked = true;
    const { box, sent } = make(shelf(), () =>
      asked ? { kind: 'asks', problem: refusal } : { kind: 'accepted' },
    );
    box.resume();
    await box.add(item('a'));
    await box.add(item('b'));
    await tick();
    expect(sent).toEqual(['a']);
    expect(box.list()[0]).toMatchObject({ state: 'asks', asks: 'moved_on' });
    asked = false;
    await box.again('a', { anyway: true });
    await tick();
    expect(sent).toEqual(['a', 'a', 'b']);
    expect(box.list()[0]?.body).toMatchObject({ anyway: true });
  });

  it('shows a refusal with its reason and never drops it', async () => {
    const { box } = make(shelf(), () => ({ kind: 'refused', problem: refusal }));
    box.resume();
    await box.add(item('a'));
    await tick(600_000);
    expect(box.list()[0]).toMatchObject({ state: 'refused', problem: refusal });
    expect((await box.discard('a'))?.body).toEqual({ text: 'a' });
    expect(box.list()).toEqual([]);
  });

  it('asks about what became old between being taken up and leaving', async () => {
    const storage = shelf();
    let nap = 11 * 60_000; // the lid was shut just then
    const slow: OutboxStorage = {
      ...storage,
      put: async (kept) => {
        if (kept.state === 'sending') await new Promise((done) => setTimeout(done, nap));
        await storage.put(kept);
      },
    };
    const { box, sent } = make(slow, () => ({ kind: 'accepted' }));
    box.resume();
    await box.add(item('a'));
    await tick(nap);
    expect(sent).toEqual([]);
    expect(box.list()[0]).toMatchObject({ state: 'asks', asks: 'old' });
    nap = 10;
    await box.again('a');
    await tick(nap);
    expect(sent).toEqual(['a']);
  });

  it('asks before it sends what became old while offline', async () => {
    const { box, sent } = make(shelf(), () => ({ kind: 'accepted' }));
    await box.add(item('a'));
    await tick(11 * 60_000);
    box.resume();
    await tick();
    expect(sent).toEqual([]);
    expect(box.list()[0]).toMatchObject({ state: 'asks', asks: 'old' });
    await box.again('a');
    await tick();
    expect(sent).toEqual(['a']);
  });

  it('waits at a sign-out without losing anything', async () => {
    const { box, sent } = make(shelf(), () => ({ kind: 'signed_out' }));
    box.resume();
    await box.add(item('a'));
    await tick(60_000);
    expect(sent).toEqual(['a']);
    expect(box.list()[0]?.state).toBe('queued');
  });

  it('lets lanes of different Cases pass each other', async () => {
    const { box, sent } = make(shelf(), (one) =>
      one.lane === 'slow' ? { kind: 'later', after_ms: 60_000 } : { kind: 'accepted' },
    );
    box.resume();
    await box.add(item('a', 'slow'));
    await box.add(item('b', 'fast'));
    await tick(10);
    expect(sent).toEqual(['a', 'b']);
  });

  it('lets one tab send for all: others hand over, and take up what a dead one left', async () => {
    const storage = shelf();
    const boxes: Outbox[] = [];
    const sent: string[] = [];
    const tab = (leads: boolean, answers = true): Outbox => {
      const box: Outbox = new Outbox({
        storage,
        send: (out) => {
          sent.push(out.cid);
          return answers ? Promise.resolve({ kind: 'accepted' }) : new Promise(() => undefined);
        },
        missed: () => undefined,
        share: (cid, out) => {
          const told = structuredClone(out);
          for (const other of boxes) if (other !== box) other.heard(cid, told);
        },
        now: () => Date.now(),
        random: () => 0,
      });
      boxes.push(box);
      if (!leads) box.lead(false);
      box.resume();
      return box;
    };
    const leader = tab(true, false);
    const follower = tab(false);
    await follower.add(item('a'));
    await follower.add(item('b'));
    await tick(5);
    expect(sent).toEqual(['a']);
    expect(follower.list()[0]?.state).toBe('sending');
    boxes.splice(boxes.indexOf(leader), 1);
    follower.lead(true);
    await tick(5);
    expect(sent).toEqual(['a', 'a', 'b']);
    expect(follower.list().map((one) => one.state)).toEqual(['accepted', 'accepted']);
  });
});
