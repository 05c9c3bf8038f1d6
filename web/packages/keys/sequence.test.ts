// Two keys one after the other.
import { expect, it } from 'vitest';
import { AS_BUILT, effective } from './effective';
import { Keyboard, SEQUENCE_MS } from './keyboard';

const press = (key: string, code: string, target: EventTarget | null = null) => ({
  key,
  code,
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  isComposing: false,
  defaultPrevented: false,
  target,
});
const G = press('g', 'KeyG');
const I = press('i', 'KeyI');

it('goes to the inbox by G and then I, on a Russian layout too', () => {
  const keyboard = new Keyboard(effective(AS_BUILT));
  expect(keyboard.press(G, 0)).toEqual({ waiting: true });
  expect(keyboard.press(I, 400)).toEqual({ command: 'go_inbox' });
  expect(keyboard.press(press('п', 'KeyG'), 1_000)).toEqual({ waiting: true });
  expect(keyboard.press(press('ш', 'KeyI'), 1_400)).toEqual({ command: 'go_inbox' });
});

it('forgets the first key after a second', () => {
  const keyboard = new Keyboard(effective(AS_BUILT));
  keyboard.press(G, 0);
  expect(keyboard.press(I, SEQUENCE_MS + 1)).toBeUndefined();
});

it('does nothing for a second key that continues nothing', () => {
  const keyboard = new Keyboard(effective(AS_BUILT));
  keyboard.press(G, 0);
  expect(keyboard.press(press('e', 'KeyE'), 100)).toBeUndefined();
  expect(keyboard.press(press('e', 'KeyE'), 200)).toEqual({ command: 'solve' });
});

it('waits over a Shift, and not into a text field', () => {
  const keyboard = new Keyboard(effective(AS_BUILT));
  keyboard.press(G, 0);
  keyboard.press(press('Shift', 'ShiftLeft'), 50);
  expect(keyboard.press(I, 100)).toEqual({ command: 'go_inbox' });
  keyboard.press(G, 200);
  const field = document.createElement('input');
  expect(keyboard.press(press('i', 'KeyI', field), 300)).toBeUndefined();
});
