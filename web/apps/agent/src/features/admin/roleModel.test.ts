// Ticking a right brings what it cannot do without; taking that away takes both.
import { expect, it } from 'vitest';
import { brings } from './roleModel';

const TABLE = { take: ['write'], roles: ['people'] };

it('brings what a right needs', () => {
  expect(brings([], 'take', true, TABLE)).toEqual(['take', 'write']);
  expect(brings(['write'], 'take', true, TABLE)).toEqual(['write', 'take']);
});

it('takes away what needs the right that goes', () => {
  expect(brings(['take', 'write', 'people'], 'write', false, TABLE)).toEqual(['people']);
  expect(brings(['roles', 'people'], 'roles', false, TABLE)).toEqual(['people']);
});
