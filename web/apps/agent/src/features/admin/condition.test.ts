// Conditions: what rows write, rows read again; what rows cannot say stays an expression.
import { describe, expect, it } from 'vitest';
import { read, write, type Condition } from './condition';

const ROWS: Condition[] = [
  { join: 'all', clauses: [] },
  { join: 'all', clauses: [{ field: 'language', op: 'is', value: 'cs' }] },
  {
    join: 'any',
    clauses: [
      { field: 'subject', op: 'contains', value: 'faktura, účet (1.0)' },
      { field: 'text', op: 'lacks', value: "it's \\ odd || true" },
      { field: 'customer_known', op: 'is_false', value: '' },
      { field: 'tags', op: 'has', value: "o'k" },
    ],
  },
  {
    join: 'all',
    clauses: [
      { field: 'subject', op: 'starts', value: 'Re:' },
      { field: 'text', op: 'pattern', value: '^\\d+ (a|b)$' },
      { field: 'tags', op: 'has_not', value: 'x' },
      { field: 'first', op: 'is_true', value: '' },
      { field: 'account', op: 'is_not', value: '0199' },
    ],
  },
];

describe('a condition', () => {
  it.each(ROWS.map((row) => [write(row), row] as const))(
    '%s is read as it was written',
    (when, row) => {
      expect(read(when)).toEqual(row);
    },
  );

  it.each([
    "language == 'cs' && first || first",
    "(language == 'cs' || first) && first",
    "subject.contains('x')",
    'size(text) > 5',
    "first ? language == 'cs' : true",
    'complaint',
    "subject == 'x'",
  ])('%s stays an expression', (when) => {
    expect(read(when)).toBeUndefined();
  });

  it('reads what people type by hand', () => {
    expect(read(`language=="cs"&&customer.tier != 'vip'`)).toEqual({
      join: 'all',
      clauses: [
        { field: 'language', op: 'is', value: 'cs' },
        { field: 'customer_tier', op: 'is_not', value: 'vip' },
      ],
    });
  });
});
