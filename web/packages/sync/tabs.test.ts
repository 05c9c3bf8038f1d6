// Several tabs over one lock and one channel: one line at a time, all tabs equal, whoever dies or sleeps.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Browser, type Tab } from './tabs.world';

const tick = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function browser(count: number): Promise<Browser> {
  const made = new Browser();
  for (let n = 0; n < count; n += 1) made.add();
  await tick(100);
  return made;
}

function expectEqual(made: Browser): void {
  const all = Array.from({ length: made.server.head }, (_, n) => String(n + 1));
  for (const tab of made.living) {
    expect([...tab.applied].sort((a, b) => Number(a) - Number(b))).toEqual(all);
    expect(tab.state).toBe('live');
  }
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('tabs', () => {
  it('hold one line between them, and all hear what it hears', async () => {
    const made = await browser(5);
    for (let n = 0; n < 20; n += 1) made.server.write();
    await tick(10);
    expect(made.lines).toBe(1);
    expect(made.living.filter((tab) => tab.tabs.leading)).toHaveLength(1);
    expectEqual(made);
  });

  it('go on with one line and lose nothing when the leader is killed again and again', async () => {
    const made = await browser(5);
    for (let turn = 0; turn < 100; turn += 1) {
      made.server.write();
      made.leader()?.kill();
      made.server.write();
      made.add();
      await tick(300);
      made.server.write();
      await tick(300);
      expect(made.lines, `turn ${turn}`).toBe(1);
    }
    await tick(3_000);
    expectEqual(made);
  }, 30_000);

  it('take the lead from a tab that stands still, and end its line when it wakes', async () => {
    const made = await browser(3);
    const frozen = made.leader() as Tab;
    frozen.frozen = true;
    await tick(8_000);
    const next = made.leader();
    expect(next).toBeDefined();
    expect(next).not.toBe(frozen);
    made.server.write();
    frozen.thaw();
    await tick(3_000);
    expect(made.lines).toBe(1);
    expect(frozen.tabs.leading).toBe(false);
    expectEqual(made);
  });

  it('keep a leader that only says nothing because nothing happens', async () => {
    const made = await browser(3);
    const leader = made.leader();
    await tick(60_000);
    expect(made.leader()).toBe(leader);
    expect(made.lines).toBe(1);
  });

  it('pass the lead from a hidden tab to one that is seen', async () => {
    const made = await browser(3);
    const [first, second] = made.tabs as [Tab, Tab];
    for (const tab of made.tabs) tab.hidden = true;
    second.hidden = false;
    second.stream.wake();
    await tick(200);
    expect(first.tabs.leading).toBe(false);
    expect(second.tabs.leading).toBe(true);
    second.hidden = true;
    first.hidden = false;
    second.stream.rest();
    await tick(200);
    expect(first.tabs.leading).toBe(true);
    made.server.write();
    await tick(20);
    expect(made.lines).toBe(1);
    expectEqual(made);
  });

  it('give a tab behind a gap the frames it missed, or let it fetch everything', async () => {
    const made = await browser(2);
    const follower = made.tabs.find((tab) => !tab.tabs.leading) as Tab;
    const deaf = follower.channel.onmessage;
    follower.channel.onmessage = null;
    for (let n = 0; n < 10; n += 1) made.server.write();
    await tick(10);
    follower.channel.onmessage = deaf;
    made.server.write();
    await tick(50);
    expect(follower.resets).toBe(0);
    expectEqual(made);
    follower.channel.onmessage = null;
    for (let n = 0; n < 600; n += 1) made.server.write();
    await tick(10);
    follower.channel.onmessage = deaf;
    await tick(2_100);
    made.server.write();
    await tick(1_000);
    expect(follower.resets).toBe(1);
    expectEqual(made);
  });

  it('join the topics of every tab on the one line', async () => {
    const made = await browser(2);
    const follower = made.tabs.find((tab) => !tab.tabs.leading) as Tab;
    follower.stream.join('case:7');
    await tick(300);
    expect([...made.server.lines][0]?.topics).toContain('case:7');
    made.leader()?.kill();
    await tick(500);
    expect([...made.server.lines][0]?.topics).toContain('case:7');
  });
});
