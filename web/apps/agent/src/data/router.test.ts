// Addresses of the workspace: there and back, with odd characters.
import { expect, it } from 'vitest';
import { href, parse } from './router';

it('comes back from an address as it went in', () => {
  const address = href('inbox', 'all', 'a/b č', { q: 'x & y', state: '' });
  const route = parse(address);
  expect(route.parts).toEqual(['inbox', 'all', 'a/b č']);
  expect(route.query.get('q')).toBe('x & y');
  expect(route.query.has('state')).toBe(false);
});

it('reads an empty address as nowhere', () => {
  expect(parse('').parts).toEqual([]);
  expect(parse('#/').parts).toEqual([]);
});
