// Where the cards of the tour stand.

import { expect, test } from 'vitest';
import { placeOf, STOPS } from './stops';

const room = { width: 1000, height: 800 };
const card = { left: 0, top: 0, width: 300, height: 160 };
const inside = (place: { left: number; top: number }, wide = room.width): boolean =>
  place.left >= 0 && place.top >= 0 && place.left + 300 <= wide && place.top + 160 <= 800;

test('a card stands to the right where there is room, else to the left', () => {
  expect(placeOf({ left: 60, top: 100, width: 300, height: 600 }, card, room).left).toBe(372);
  expect(placeOf({ left: 680, top: 100, width: 320, height: 600 }, card, room).left).toBe(368);
});

test('what fills the whole width has its card below or above it, always within the window', () => {
  const bar = placeOf({ left: 0, top: 50, width: 1000, height: 40 }, card, room);
  expect(bar.top).toBe(102);
  for (const top of [0, 300, 640, 790]) {
    const place = placeOf({ left: 0, top, width: 1000, height: 200 }, card, room);
    expect(inside(place)).toBe(true);
  }
  const narrow = placeOf({ left: 0, top: 0, width: 360, height: 700 }, card, {
    width: 360,
    height: 800,
  });
  expect(inside(narrow, 360)).toBe(true);
});

test('there are five stops', () => {
  expect(STOPS).toHaveLength(5);
});
