// Keys typed while a Case is on its way: words are kept, Escape and time let them go.
import { afterEach, expect, it, vi } from 'vitest';
import {
  askForCase,
  awaitCase,
  catchUp,
  keep,
  keepForAsked,
  keepForComing,
  typedAhead,
} from './ahead';
import { answerTo } from './registry';

const key = (name: string, more: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key: name, ...more });

afterEach(() => {
  vi.restoreAllMocks();
  document.body.innerHTML = '';
});

function page(): { box: HTMLTextAreaElement; put: string[]; leave: () => void } {
  const box = document.createElement('textarea');
  document.body.append(box);
  const put: string[] = [];
  document.execCommand = (_, __, text) => Boolean(put.push(text ?? ''));
  const leave = answerTo({ command: 'reply', run: () => box.focus() });
  return { box, put, leave };
}

it('puts what was typed behind the key where one writes, once the Case is there', () => {
  const { box, put, leave } = page();
  keep('reply');
  for (const name of ['H', 'e', 'x', 'Backspace', 'y', 'Enter', '!'])
    expect(typedAhead(key(name))).toBe(true);
  catchUp();
  expect(document.activeElement).toBe(box);
  expect(put).toEqual(['Hey\n!']);
  expect(typedAhead(key('e'))).toBe(false);
  leave();
});

it('leaves chords and other keys alone, and keeps nothing behind other commands', () => {
  const { put, leave } = page();
  keep('solve');
  expect(typedAhead(key('e'))).toBe(false);
  keep('note');
  expect(typedAhead(key('k', { ctrlKey: true }))).toBe(false);
  expect(typedAhead(key('ArrowDown'))).toBe(false);
  expect(typedAhead(key('Escape'))).toBe(true);
  catchUp();
  expect(put).toEqual([]);
  leave();
});

it('lets go where somebody writes elsewhere by now', () => {
  const { put, leave } = page();
  const other = document.createElement('input');
  document.body.append(other);
  keep('reply');
  const event = key('a');
  other.dispatchEvent(event);
  expect(typedAhead(event)).toBe(false);
  expect(typedAhead(key('b'))).toBe(false);
  catchUp();
  expect(put).toEqual([]);
  leave();
});

it('waits while a Case is on its way, and a second more', () => {
  const { put, leave } = page();
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  const came = awaitCase();
  expect(keepForComing('solve')).toBe(false);
  expect(keepForComing('reply')).toBe(true);
  expect(typedAhead(key('a'))).toBe(true);
  now.mockReturnValue(9_000);
  expect(typedAhead(key('m'))).toBe(true);
  came();
  expect(keepForComing('reply')).toBe(false);
  now.mockReturnValue(9_900);
  expect(typedAhead(key('p'))).toBe(true);
  catchUp();
  expect(put).toEqual(['amp']);
  leave();
});

it('lets go after a second where nothing comes: no key stays dead', () => {
  const now = vi.spyOn(performance, 'now').mockReturnValue(0);
  keep('reply');
  expect(typedAhead(key('a'))).toBe(true);
  now.mockReturnValue(1_001);
  expect(typedAhead(key('b'))).toBe(false);
  catchUp();
});

it('keeps for the Case that was asked for what the open one would have answered', () => {
  const { box, put, leave } = page();
  const comes = askForCase();
  expect(keepForAsked('solve')).toBe(false);
  expect(keepForAsked('reply')).toBe(true);
  for (const name of 'hi') expect(typedAhead(key(name))).toBe(true);
  catchUp(); // something else was drawn anew: not what was asked for
  expect(document.activeElement).not.toBe(box);
  comes(true);
  expect(keepForAsked('reply')).toBe(false);
  catchUp();
  expect(document.activeElement).toBe(box);
  expect(put).toEqual(['hi']);
  leave();
});

it('drops the words for a Case that somebody else got', () => {
  const { put, leave } = page();
  const comes = askForCase();
  keepForAsked('reply');
  expect(typedAhead(key('a'))).toBe(true);
  comes(false);
  expect(typedAhead(key('b'))).toBe(false);
  catchUp();
  expect(put).toEqual([]);
  leave();
});
