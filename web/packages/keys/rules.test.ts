// Remapping: what may be given to a command, and what is refused with which reason.
import { expect, it } from 'vitest';
import { normal, single, written } from './combo';
import { AS_BUILT, effective } from './effective';
import { refusal } from './rules';
import { rowOf, TABLE, type Command, type Row } from './table';

const bindings = effective(AS_BUILT);
const why = (combo: string, command: Command) => refusal(combo, rowOf(command), bindings);

it('breaks none of its own rules in the table', () => {
  for (const row of TABLE as readonly Row[])
    for (const keys of row.keys) expect(refusal(keys, row, bindings), keys).toBeUndefined();
});

it('gives each combination to one command only', () => {
  const all = (TABLE as readonly Row[]).flatMap((row) => row.keys.map(normal));
  expect(new Set(all).size).toBe(all.length);
});

it('refuses what AltGr, browser, system or page need', () => {
  expect(why('Alt+S', 'solve')).toBe('alt');
  expect(why('Mod+Alt+S', 'solve')).toBe('alt');
  expect(why('[', 'solve')).toBe('altgr');
  expect(why('Mod+@', 'solve')).toBe('altgr');
  expect(why('Mod+T', 'solve')).toBe('owned');
  expect(why('Mod+Shift+U', 'solve')).toBe('owned');
  expect(why('Mod+.', 'solve')).toBe('owned');
  expect(why('Tab', 'solve')).toBe('walking');
  expect(why('g i x', 'solve')).toBe('steps');
  expect(why('', 'solve')).toBe('steps');
});

it('refuses a character alone to a command that works inside fields', () => {
  expect(why('y', 'send')).toBe('field');
  expect(why('F9', 'send')).toBeUndefined();
  expect(why('y', 'solve')).toBeUndefined();
});

it('refuses what another command has, and what begins like another', () => {
  expect(why('r', 'solve')).toBe('taken');
  expect(why('g', 'solve')).toBe('taken');
  expect(why('r i', 'solve')).toBe('taken');
  expect(why('g x', 'solve')).toBeUndefined();
  expect(why('Mod+Shift+M', 'solve')).toBe('taken');
});

const keysOf = (command: Command, wishes = AS_BUILT) =>
  effective(wishes).find((one) => one.command === command)?.keys;

it('puts a wish into force, lets commands swap, and switches off', () => {
  const wishes = { single_keys: true, keys: { solve: 'y', reply: '', note: 'r' } };
  expect(keysOf('solve', wishes)).toEqual(['y']);
  expect(keysOf('reply', wishes)).toEqual([]);
  expect(keysOf('note', wishes)).toEqual(['r']);
  const swapped = { single_keys: true, keys: { solve: 'r', reply: 'e' } };
  expect(keysOf('solve', swapped)).toEqual(['r']);
  expect(keysOf('reply', swapped)).toEqual(['e']);
});

it('takes a kept wish that breaks the rules for none', () => {
  const wishes = { single_keys: true, keys: { solve: 'Alt+S', note: 'j', nonsense: 'y' } };
  expect(keysOf('solve', wishes)).toEqual(['e']);
  expect(keysOf('note', wishes)).toEqual(['n']);
});

it('switches off every character alone and nothing else', () => {
  const left = effective({ single_keys: false, keys: {} }).flatMap((one) => one.keys);
  expect(left.filter(single)).toEqual([]);
  expect(left).toContain('Mod+K');
  expect(left).toContain('ArrowDown');
  expect(left).toContain('F6');
  expect(left).not.toContain('Shift+E');
  expect(left).not.toContain('g i');
});

it('writes keys as this machine prints them', () => {
  expect(written('Mod+Shift+Enter')).toBe('Ctrl + ⇧ + Enter');
  expect(written('g i')).toBe('G · I');
});
