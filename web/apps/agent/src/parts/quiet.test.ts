// Quiet hours: over midnight they belong to the evening before; the server judges alike.
import { expect, it } from 'vitest';
import { isQuiet } from './quiet';

const monday = (hour: number, minute = 0): Date => new Date(2026, 10, 23, hour, minute);
const night = (days: number[]) => ({ from: '22:00', to: '07:00', days });

it.each([
  [23, [], true],
  [6, [], true],
  [7, [], false],
  [12, [], false],
  [23, [0], true],
  [23, [1], false],
  [6, [6], true],
  [6, [0], false],
] as const)('at %i with days %j is %s', (hour, days, quiet) => {
  expect(isQuiet(night([...days]), monday(hour))).toBe(quiet);
});

it('ends within a day when it ends, and is off without hours', () => {
  expect(isQuiet({ from: '12:00', to: '13:00', days: [] }, monday(12, 59))).toBe(true);
  expect(isQuiet({ from: '12:00', to: '13:00', days: [] }, monday(13))).toBe(false);
  expect(isQuiet(null, monday(3))).toBe(false);
});
