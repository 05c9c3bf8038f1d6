// The evaluator against the vectors that Python and SQL answer too.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FIELDS, holds, OPERATORS, timely, type Facts, type Filter } from './filter';

interface Asked {
  now: string;
  me: string;
  zone: string;
}
interface Vector {
  name: string;
  filter: Filter;
  facts: Partial<Facts>;
  context: Partial<Asked>;
  holds: boolean;
}
// Vitest runs in the folder `web`; the vectors belong to both languages and live with the tests of the domain.
const known = JSON.parse(readFileSync('../tests/domain/filter_vectors.json', 'utf-8')) as {
  context: Asked;
  facts: Facts;
  vectors: Vector[];
};

it('answers every vector as it is written', () => {
  const wrong = known.vectors.filter((one) => {
    const asked = { ...known.context, ...one.context };
    const context = { now: Date.parse(asked.now), me: asked.me, zone: asked.zone };
    return holds(one.filter, { ...known.facts, ...one.facts }, context) !== one.holds;
  });
  expect(wrong.map((one) => one.name)).toEqual([]);
  expect(known.vectors.length).toBeGreaterThanOrEqual(500);
});

it('knows every field and comparison the vectors ask for', () => {
  for (const { filter } of known.vectors) {
    if (!('field' in filter)) continue;
    const kind = FIELDS[filter.field];
    expect(kind && OPERATORS[kind]).toContain(filter.op);
  }
});

it('tells which trees change as time passes', () => {
  const test = (field: string, value: string): Filter => ({ field, op: 'after', value });
  expect(timely({ all: [test('last_at', '2026-03-29')] })).toBe(false);
  expect(timely({ any: [{ not: test('last_at', 'today-1d') }] })).toBe(true);
  expect(timely({ field: 'age', op: 'at_least', value: '2d' })).toBe(true);
});
