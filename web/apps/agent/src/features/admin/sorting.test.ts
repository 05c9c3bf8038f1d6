// Tables are ordered in the person's alphabet and found without marks.
import { describe, expect, it } from 'vitest';
import { fold, found, inOrder } from './sorting';

const rows = [{ name: 'Žák' }, { name: 'Cháb' }, { name: 'Čech' }, { name: '' }, { name: 'Dan' }];
const by = (row: { name: string }): string => row.name;

describe('tables', () => {
  it('stand in the order of the language, those without a value last', () => {
    expect(inOrder(rows, by, false, 'cs').map(by)).toEqual(['Čech', 'Dan', 'Cháb', 'Žák', '']);
    expect(inOrder(rows, by, true, 'cs').map(by)).toEqual(['Žák', 'Cháb', 'Dan', 'Čech', '']);
  });

  it('count numbers as numbers', () => {
    const many = ['Queue 10', 'Queue 9'].map((name) => ({ name }));
    expect(inOrder(many, by, false, 'en').map(by)).toEqual(['Queue 9', 'Queue 10']);
  });

  it('are found by every word, without marks and case', () => {
    expect(fold('ŽÁK')).toBe('zak');
    expect(found(rows, 'zak', [by]).map(by)).toEqual(['Žák']);
    expect(found(rows, 'zak dan', [by])).toEqual([]);
    expect(found(rows, '  ', [by])).toBe(rows);
  });
});
