// Hours of a day: their order, their faults, and how a week is said.
import { describe, expect, it } from 'vitest';
import { another, faultOf, inDay, keptEnd, runs, shownEnd } from './hoursModel';

describe('hours of a day', () => {
  it('begin before they end and do not overlap', () => {
    expect(faultOf([['08:00', '12:00']])).toBeUndefined();
    expect(faultOf([['12:00', '08:00']])).toBe('order');
    expect(faultOf([['', '08:00']])).toBe('order');
    expect(
      faultOf([
        ['08:00', '12:00'],
        ['11:00', '17:00'],
      ]),
    ).toBe('overlap');
  });

  it('are sorted by the day, and grow after the last', () => {
    expect(
      inDay([
        ['13:00', '17:00'],
        ['08:00', '12:00'],
      ]),
    ).toEqual([
      ['08:00', '12:00'],
      ['13:00', '17:00'],
    ]);
    expect(another([])).toEqual([['09:00', '17:00']]);
    expect(another([['08:00', '12:00']])[1]).toEqual(['12:30', '14:30']);
    expect(faultOf(another([['08:00', '22:45']]))).toBeUndefined();
  });

  it('end at midnight although a field has no 24:00', () => {
    expect(keptEnd(shownEnd('24:00'))).toBe('24:00');
  });

  it('of equal days are said together', () => {
    const work = [['08:00', '16:00']] as const;
    expect(runs({ 1: work, 2: work, 3: work, 6: [['09:00', '12:00']] })).toEqual([
      { from: '1', to: '3', text: '08:00–16:00' },
      { from: '6', to: '6', text: '09:00–12:00' },
    ]);
  });
});
