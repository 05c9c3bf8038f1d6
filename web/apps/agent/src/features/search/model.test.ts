import { describe, expect, it } from 'vitest';
import { limitOf, piece, pieces, withLimit, without } from './model';

describe('marks of hits', () => {
  it('counts characters, not halves of them, and loses nothing', () => {
    const found = pieces({
      text: '😀 kůň a <b>kůň</b>',
      marks: [
        [2, 5],
        [11, 14],
      ],
    });
    expect(found.filter((one) => one.hit).map((one) => one.text)).toEqual(['kůň', 'kůň']);
    expect(found.map((one) => one.text).join('')).toBe('😀 kůň a <b>kůň</b>');
    expect(pieces({ text: 'nothing', marks: [] })).toEqual([{ text: 'nothing', hit: false }]);
  });
});

describe('filters in the line', () => {
  it('are read, set, changed and taken out while the words stay', () => {
    const line = 'channel:email "dobrý den" department:"Velké půjčky" kůň';
    expect(limitOf(line, 'channel')).toBe('email');
    expect(limitOf(line, 'department')).toBe('Velké půjčky');
    expect(limitOf('a-channel:email', 'channel')).toBe('');
    expect(withLimit(line, 'channel', 'chat')).toBe(
      'channel:chat "dobrý den" department:"Velké půjčky" kůň',
    );
    expect(withLimit(line, 'department', '')).toBe('channel:email "dobrý den" kůň');
    expect(withLimit('kůň', 'department', 'Velké půjčky')).toBe('department:"Velké půjčky" kůň');
    const gone = piece(' 😀 has:file kůň', 2, 10);
    expect(gone).toBe('has:file');
    expect(without('😀 has:file kůň a', gone)).toBe('😀 kůň a');
    expect(without('😀 has:fil kůň', gone)).toBe('😀 has:fil kůň');
  });
});
