// Times and spans as people of the language write them.
import { expect, it } from 'vitest';
import { dayTime, count, relative, shortAge, size, span } from './format';

it('says a span in its largest units', () => {
  expect(span('en', 18_000)).toBe('18s');
  expect(span('en', 440_000)).toBe('7m');
  expect(span('en', 3 * 3_600_000 + 5 * 60_000)).toBe('3h 5m');
  expect(span('en', 50 * 3_600_000)).toBe('2d');
  expect(span('en', -5)).toBe('0s');
});

it('shortens by distance: time today, weekday this week, date before', () => {
  const now = new Date(2026, 10, 22, 15, 0).getTime();
  expect(shortAge('cs', new Date(2026, 10, 22, 9, 5).getTime(), now)).toBe('9:05');
  expect(shortAge('en', new Date(2026, 10, 20, 9, 5).getTime(), now)).toBe('Fri');
  expect(shortAge('en', new Date(2026, 7, 1).getTime(), now)).toBe('Aug 1');
});

it('groups Polish numbers only from five digits on', () => {
  expect(count('pl', 1234)).toBe('1234');
  expect(count('pl', 12345).replace(/\s/g, ' ')).toBe('12 345');
});

it('writes sizes in the units people know', () => {
  expect(size('en', 900)).toBe('900B');
  expect(size('en', 25_400_000)).toBe('25.4 MB');
});

it('says a moment by its day when it is near, with the date once it is far', () => {
  const now = new Date(2026, 11, 30, 22, 40).getTime();
  const plain = (text: string): string => text.replace(/\s/g, ' ');
  expect(plain(dayTime('en', new Date(2026, 11, 30, 23, 5).getTime(), now))).toBe('today 11:05 PM');
  expect(dayTime('cs', new Date(2026, 11, 31, 9, 0).getTime(), now)).toBe('zítra 9:00');
  expect(dayTime('cs', new Date(2026, 11, 29, 9, 0).getTime(), now)).toBe('včera 9:00');
  expect(plain(dayTime('en', new Date(2027, 0, 4, 9, 0).getTime(), now))).toBe(
    'Mon, Jan 4, 2027, 9:00 AM',
  );
});

it('two hours from a moment ago are still two hours', () => {
  const now = Date.UTC(2026, 3, 12, 9, 0, 20);
  expect(relative('en', now - 20_000 + 2 * 3_600_000, now)).toBe('in 2 hr.');
  expect(relative('en', now + 60_000, now)).toBe('in 1 min.');
  expect(relative('en', now - 119 * 60_000, now)).toBe('1 hr. ago');
});
