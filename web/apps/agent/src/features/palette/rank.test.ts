// The palette finds what is meant, without diacritics, in no time.
import { expect, it } from 'vitest';
import { foldAll, ranked } from './rank';

const names = [
  'Přijmout nabídku',
  'Přejít do schránky',
  'Uzavřít případ',
  'Łukasz Żółty',
  'Ирина Белова',
  'Priorita',
];
const folded = foldAll(names.map((name) => ({ id: name, kind: 'command', name })));
const first = (typed: string, recent: string[] = []): string | undefined =>
  ranked(folded, typed, recent)[0]?.name;

it('finds names without their marks', () => {
  expect(first('prijm')).toBe('Přijmout nabídku');
  expect(first('uzavrit')).toBe('Uzavřít případ');
  expect(first('zolty')).toBe('Łukasz Żółty');
  expect(first('lukasz z')).toBe('Łukasz Żółty');
  expect(first('белова')).toBe('Ирина Белова');
});

it('puts the beginnings of words before letters in the middle', () => {
  expect(ranked(folded, 'pri', []).map((one) => one.name)).toEqual([
    'Přijmout nabídku',
    'Priorita',
    'Uzavřít případ',
  ]);
});

it('lets what was used lately win among equals', () => {
  expect(first('', ['Priorita', 'Uzavřít případ'])).toBe('Priorita');
});

it('finds nothing for nonsense', () => {
  expect(ranked(folded, 'qxz', [])).toEqual([]);
});

it('ranks five thousand entries in far less than fifty milliseconds a key', () => {
  const many = foldAll(
    Array.from({ length: 5_000 }, (_, at) => ({
      id: String(at),
      kind: 'person',
      name: `Šárka Nováková-Číslo ${at}`,
    })),
  );
  ranked(many, 'novak', []);
  const before = performance.now();
  for (const typed of ['n', 'no', 'nov', 'nova', 'novak']) ranked(many, typed, []);
  expect((performance.now() - before) / 5).toBeLessThan(50);
});
