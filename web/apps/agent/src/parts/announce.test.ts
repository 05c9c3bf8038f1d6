// Announcements: the first at once, then one every two seconds, what came meanwhile as a sum.
import i18next from 'i18next';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { announce, announceNow, assertive, polite } from './announce';

beforeEach(async () => {
  vi.useFakeTimers();
  await i18next.init({
    lng: 'en',
    resources: { en: { translation: { 'announce.many_other': '{{count}} new, last: {{last}}' } } },
    keySeparator: false,
  });
});
afterEach(() => {
  vi.useRealTimers();
});

it('says the first at once and sums up the rest', () => {
  announce('Olga: hello');
  expect(polite.get()).toBe('Olga: hello');
  announce('Olga: are you there');
  announce('Jan: good day');
  expect(polite.get()).toBe('Olga: hello');
  vi.advanceTimersByTime(2_000);
  expect(polite.get()).toBe('2 new, last: Jan: good day');
  vi.advanceTimersByTime(2_000);
  announce('Olga: thanks');
  expect(polite.get()).toBe('Olga: thanks');
});

it('speaks the same urgent words twice', () => {
  announceNow('An offer');
  const first = assertive.get();
  announceNow('An offer');
  expect(assertive.get()).not.toBe(first);
});
