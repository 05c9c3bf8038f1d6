// Settings: in force at once, saved together, kept while the line is down.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PersonSettings, SettingsChange } from '@api/settings';
import { changed, joined, Preferences } from './preferences';

const ways = { screen: true, sound: true, os: true, email: false };
const built = {
  theme: 'system',
  keys: {},
  panels: {},
  notify: { offer: ways, mention: ways },
  single_keys: true,
} as unknown as PersonSettings;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('joins changes entry by entry', () => {
  const both = joined(
    { theme: 'dark', keys: { solve: 'y' }, notify: { offer: { sound: false } } },
    { keys: { note: 'm' }, notify: { offer: { os: false } } },
  );
  expect(both).toEqual({
    theme: 'dark',
    keys: { solve: 'y', note: 'm' },
    notify: { offer: { sound: false, os: false } },
  });
  const now = changed(changed(built, both), { keys: { solve: null } });
  expect(now.keys).toEqual({ note: 'm' });
  expect(now.notify.offer).toEqual({ ...ways, sound: false, os: false });
  expect(now.notify.mention).toEqual(ways);
});

it('counts at once and is saved in one call', async () => {
  const calls: SettingsChange[] = [];
  const save = async (change: SettingsChange): Promise<PersonSettings> => {
    calls.push(change);
    return changed(built, change);
  };
  const mine = new Preferences('p', built, save, () => false);
  mine.change({ theme: 'dark' });
  mine.change({ font_scale: 120 });
  expect(mine.now.get().theme).toBe('dark');
  await vi.advanceTimersByTimeAsync(500);
  expect(calls).toEqual([{ theme: 'dark', font_scale: 120 }]);
  mine.close();
});

it('tries again when the line was down, with what was changed meanwhile', async () => {
  const calls: SettingsChange[] = [];
  let down = true;
  const save = async (change: SettingsChange): Promise<PersonSettings> => {
    calls.push(change);
    if (down) throw new Error('no line');
    return changed(built, change);
  };
  const mine = new Preferences('p', built, save, () => true);
  mine.change({ theme: 'dark' });
  await vi.advanceTimersByTimeAsync(500);
  down = false;
  mine.change({ density: 'compact' });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(calls.at(-1)).toEqual({ theme: 'dark', density: 'compact' });
  expect(mine.now.get().theme).toBe('dark');
  mine.close();
});
