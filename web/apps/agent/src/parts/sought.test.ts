// Words are found without accents and capitals, beginnings first.
import { expect, it } from 'vitest';
import { folded, sought } from './sought';

it('compares without accents in every language', () => {
  expect(folded('Vrácení PENĚZ')).toBe('vraceni penez');
  expect(folded('Żółć')).toBe('zolc');
  expect(folded('Ещё')).toBe('еще');
});

it('lists what begins with the words before what only holds them', () => {
  const found = sought(['Zpráva', 'Nová zpráva', 'Účet'], 'zprava', (one) => [one]);
  expect(found).toEqual(['Zpráva', 'Nová zpráva']);
  expect(sought(['a', 'b', 'c'], '', (one) => [one], 2)).toEqual(['a', 'b']);
});
