// Keys on Czech, Polish and Russian layouts: commands work and letters stay letters.
import { expect, it } from 'vitest';
import { BINDINGS } from './bindings';
import { match } from './match';

type Press = Parameters<typeof match>[0];
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

it('fires nothing for the Polish letters made with AltGr', () => {
  for (const key of 'ąćęłńóśźżĄĆĘŁŃÓŚŹŻ') {
    const made = press({ key, code: `Key${key}`, altKey: true, ctrlKey: true });
    expect(match(made, BINDINGS)).toBeUndefined();
  }
});

it('fires nothing while a dead key or a composition is pending', () => {
  expect(match(press({ key: 'Dead', code: 'KeyE' }), BINDINGS)).toBeUndefined();
  expect(match(press({ key: 'e', code: 'KeyE', isComposing: true }), BINDINGS)).toBeUndefined();
});

it('follows the print on Czech keyboards and the place on Russian ones', () => {
  expect(match(press({ key: 'z', code: 'KeyY' }), BINDINGS)).toBe('panel');
  expect(match(press({ key: 'о', code: 'KeyJ' }), BINDINGS)).toBe('next');
});

it('keeps single letters out of text fields but lets combinations through', () => {
  const target = document.createElement('textarea');
  expect(match(press({ key: 'r', code: 'KeyR', target }), BINDINGS)).toBeUndefined();
  expect(match(press({ key: 'Enter', code: 'Enter', ctrlKey: true, target }), BINDINGS)).toBe(
    'send',
  );
});

it('tells combinations with and without Shift apart', () => {
  const fields = { key: 'A', code: 'KeyA', ctrlKey: true };
  expect(match(press({ ...fields, shiftKey: true }), BINDINGS)).toBe('accept');
  expect(match(press(fields), BINDINGS)).toBeUndefined();
});
