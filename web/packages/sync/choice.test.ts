// Which way to the stream is tried, and how long a way is remembered.
import { expect, it } from 'vitest';
import { Choice, type Memory } from './choice';

function memory(): Memory {
  const kept = new Map<string, string>();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}

it('tries the WebSocket twice, then the event stream, then the poll, then from the start', () => {
  const choice = new Choice(memory());
  const tried = Array.from({ length: 7 }, () => {
    const { kind } = choice;
    choice.failed();
    return kind;
  });
  expect(tried).toEqual(['socket', 'socket', 'sse', 'sse', 'poll', 'poll', 'socket']);
});

it('remembers what worked for a day, and nothing when it is the WebSocket', () => {
  const kept = memory();
  let now = 0;
  const first = new Choice(kept, () => now);
  first.failed();
  first.failed();
  first.worked();
  now = 23 * 3_600_000;
  expect(new Choice(kept, () => now).kind).toBe('sse');
  now = 25 * 3_600_000;
  const later = new Choice(kept, () => now);
  expect(later.kind).toBe('socket');
  later.worked();
  now = 0;
  expect(new Choice(kept, () => now).kind).toBe('socket');
});

it('trusts a way that has worked in this page longer', () => {
  const choice = new Choice(memory());
  choice.worked();
  for (let n = 0; n < 7; n += 1) choice.failed();
  expect(choice.kind).toBe('socket');
  choice.failed();
  expect(choice.kind).toBe('sse');
});

it('reads nonsense in its memory as nothing', () => {
  const kept = memory();
  kept.setItem('polyphony-transport', '{broken');
  expect(new Choice(kept).kind).toBe('socket');
});
