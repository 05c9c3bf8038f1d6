// The same table of colours stands in the test of the server.
import { expect, it } from 'vitest';
import { tagColour } from './tag';

it('gives a word the colour the server gives it', () => {
  const known = { vip: 'grey', reklamace: 'grey', POZDĚ: 'violet', срочно: 'red', '': 'teal' };
  for (const [name, colour] of Object.entries(known)) expect(tagColour(name)).toBe(colour);
});
