// Variables are filled as the server fills them: one file of vectors for both.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { resolve, VARIABLES } from './template';

interface Vectors {
  values: Record<string, string>;
  cases: { text: string; out: string; missing: string[] }[];
}
// Vitest runs in the folder `web`; the vectors live with the tests of the domain.
const known = JSON.parse(readFileSync('../tests/domain/template_vectors.json', 'utf-8')) as Vectors;

it('answers every vector as the server does', () => {
  for (const { text, out, missing } of known.cases) {
    expect(resolve(text, known.values), text).toEqual({ text: out, missing });
  }
  expect(known.cases.length).toBeGreaterThan(10);
});

it('knows the variables of the vectors', () => {
  expect(new Set(Object.keys(known.values))).toEqual(new Set(VARIABLES));
});
