// The server's time on this screen, and ids that sort by time.
import { expect, it } from 'vitest';
import { ServerClock } from './clock';
import { uuid7 } from './uuid7';

it('takes the median of the last five readings, so that one slow answer does not matter', () => {
  const clock = new ServerClock(() => 0);
  for (const ms of [1_000, 1_010, 90_000, 1_020, 1_005]) clock.read(new Date(ms).toISOString());
  expect(clock.offset).toBe(1_010);
});

it('ignores a time it cannot read', () => {
  const clock = new ServerClock(() => 5);
  clock.read('yesterday');
  expect(clock.now()).toBe(5);
});

it('makes ids of version 7 that sort by their moment', () => {
  const early = uuid7(1_000);
  const late = uuid7(2_000_000_000_000);
  expect(early < late).toBe(true);
  expect(late).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
