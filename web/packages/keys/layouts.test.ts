// Keys on Czech, Polish and Russian layouts: commands work and letters stay letters.
import { expect, it } from 'vitest';
import { AS_BUILT, effective } from './effective';
import { Keyboard } from './keyboard';
import type { Press } from './press';

const press = (fields: Partial<Press>): Press => ({
  key: '',
  code: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  isComposing: false,
  defaultPrevented: false,
  target: null,
  ...fields,
});
const fresh = (): Keyboard => new Keyboard(effective(AS_BUILT));
const command = (fields: Partial<Press>, keyboard = fresh()): string | undefined => {
  const heard = keyboard.press(press(fields), 0);
  return heard && 'command' in heard ? heard.command : undefined;
};

/** The same keys on three layouts: what is typed at the place of each command's key. */
const PRESSES: Record<string, [string, Partial<Press>][]> = {
  cs: [
    ['next', { key: 'j', code: 'KeyJ' }],
    ['panel', { key: 'z', code: 'KeyY' }],
    ['search', { key: '/', code: 'BracketLeft', shiftKey: true }],
    ['keys', { key: '?', code: 'Comma', shiftKey: true }],
    ['menu', { key: '.', code: 'Period' }],
    ['view_1', { key: '+', code: 'Digit1' }],
    ['view_2', { key: 'ě', code: 'Digit2' }],
    ['view_9', { key: 'í', code: 'Digit9' }],
    ['take', { key: 'A', code: 'KeyA', shiftKey: true }],
    ['select_next', { key: 'J', code: 'KeyJ', shiftKey: true }],
    ['palette', { key: 'k', code: 'KeyK', ctrlKey: true }],
    ['accept', { key: 'A', code: 'KeyA', ctrlKey: true, shiftKey: true }],
  ],
  pl: [
    ['next', { key: 'j', code: 'KeyJ' }],
    ['panel', { key: 'z', code: 'KeyZ' }],
    ['search', { key: '/', code: 'Slash' }],
    ['keys', { key: '?', code: 'Slash', shiftKey: true }],
    ['menu', { key: '.', code: 'Period' }],
    ['view_1', { key: '1', code: 'Digit1' }],
    ['view_9', { key: '9', code: 'Digit9' }],
    ['take', { key: 'A', code: 'KeyA', shiftKey: true }],
    ['palette', { key: 'k', code: 'KeyK', ctrlKey: true }],
  ],
  ru: [
    ['next', { key: 'о', code: 'KeyJ' }],
    ['panel', { key: 'я', code: 'KeyZ' }],
    ['search', { key: '/', code: 'Backslash', shiftKey: true }],
    ['keys', { key: '?', code: 'Digit7', shiftKey: true }],
    ['menu', { key: '.', code: 'Slash' }],
    ['view_7', { key: '7', code: 'Digit7' }],
    ['take', { key: 'Ф', code: 'KeyA', shiftKey: true }],
    ['select_previous', { key: 'Л', code: 'KeyK', shiftKey: true }],
    ['palette', { key: 'л', code: 'KeyK', ctrlKey: true }],
    ['accept', { key: 'Ф', code: 'KeyA', ctrlKey: true, shiftKey: true }],
    ['send', { key: 'Enter', code: 'Enter', ctrlKey: true }],
  ],
};

it.each(Object.entries(PRESSES))('answers to the keys of the layout %s', (_, rows) => {
  for (const [wanted, fields] of rows) expect(command(fields), wanted).toBe(wanted);
});

it('fires nothing for the eighteen Polish letters, however AltGr is told', () => {
  const letters = [...'ąćęłńóśźżĄĆĘŁŃÓŚŹŻ'];
  expect(letters).toHaveLength(18);
  for (const key of letters) {
    const shiftKey = key === key.toUpperCase();
    const code = `Key${key.normalize('NFD')[0]?.toUpperCase() ?? ''}`;
    const graph = (name: string): boolean => name === 'AltGraph';
    expect(command({ key, code, shiftKey, altKey: true, ctrlKey: true })).toBeUndefined();
    expect(command({ key, code, shiftKey, getModifierState: graph })).toBeUndefined();
    expect(command({ key, code, shiftKey })).toBeUndefined();
  }
});

it('fires nothing for Alt and Ctrl+Alt with any letter', () => {
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    const fields = { key: letter, code: `Key${letter.toUpperCase()}`, altKey: true };
    expect(command(fields)).toBeUndefined();
    expect(command({ ...fields, ctrlKey: true })).toBeUndefined();
  }
});

it('lets a dead key take the letter after it', () => {
  const keyboard = fresh();
  expect(command({ key: 'Dead', code: 'Equal' }, keyboard)).toBeUndefined();
  expect(command({ key: 'Shift', code: 'ShiftLeft', shiftKey: true }, keyboard)).toBeUndefined();
  expect(command({ key: 'e', code: 'KeyE' }, keyboard)).toBeUndefined();
  expect(command({ key: 'e', code: 'KeyE' }, keyboard)).toBe('solve');
});

it('fires nothing during a composition or when somebody has answered already', () => {
  expect(command({ key: 'e', code: 'KeyE', isComposing: true })).toBeUndefined();
  expect(command({ key: 'Process', code: 'KeyE' })).toBeUndefined();
  expect(command({ key: 'e', code: 'KeyE', defaultPrevented: true })).toBeUndefined();
});

it('keeps characters out of text fields but lets combinations through', () => {
  for (const tag of ['textarea', 'select', 'input']) {
    const target = document.createElement(tag);
    expect(command({ key: 'r', code: 'KeyR', target })).toBeUndefined();
    expect(command({ key: 'a', code: 'KeyA', ctrlKey: true, target })).toBeUndefined();
    expect(command({ key: 'Enter', code: 'Enter', ctrlKey: true, target })).toBe('send');
    expect(command({ key: 'F2', code: 'F2', target })).toBe('mode');
  }
  const editor = document.createElement('div');
  editor.setAttribute('contenteditable', 'true');
  const line = editor.appendChild(document.createElement('p'));
  expect(command({ key: 'r', code: 'KeyR', target: line })).toBeUndefined();
});

it('leaves Enter and the arrows to what has the focus', () => {
  const target = document.createElement('button');
  expect(command({ key: 'Enter', code: 'Enter', target })).toBeUndefined();
  expect(command({ key: 'ArrowDown', code: 'ArrowDown', target })).toBeUndefined();
  expect(command({ key: 'j', code: 'KeyJ', target })).toBe('next');
  expect(command({ key: 'ArrowDown', code: 'ArrowDown', target: document.body })).toBe('next');
});

it('tells combinations with and without Shift apart', () => {
  const fields = { key: 'E', code: 'KeyE' };
  expect(command({ ...fields, shiftKey: true })).toBe('solve_next');
  expect(command({ key: 'e', code: 'KeyE' })).toBe('solve');
  expect(command({ key: 'D', code: 'KeyD', ctrlKey: true, shiftKey: true })).toBe('decline');
  expect(command({ key: 'd', code: 'KeyD', ctrlKey: true })).toBeUndefined();
});

it('goes on while J is held, but closes no row of cases while E is', () => {
  expect(command({ key: 'j', code: 'KeyJ', repeat: true })).toBe('next');
  expect(command({ key: 'e', code: 'KeyE', repeat: true })).toBeUndefined();
});
