// Undo: the last change first, once only, five minutes long, with the server's word when it is late.
import { beforeEach, expect, it, vi } from 'vitest';
import { REACH_MS, Undos } from './undo';

let now = 0;
const said: string[] = [];
const hide = vi.fn();
const undos = (): Undos =>
  new Undos({
    now: () => now,
    say: (label) => {
      said.push(`offered ${label}`);
      return hide;
    },
    done: (label) => said.push(`undone ${label}`),
    failed: (error) => said.push(`refused ${String(error)}`),
  });
const settled = (): Promise<void> => new Promise((done) => setTimeout(done));

beforeEach(() => {
  now = 0;
  said.length = 0;
  hide.mockClear();
});

it('takes back the last change first, each once', async () => {
  const stack = undos();
  const taken: string[] = [];
  const take = (name: string) => async () => void taken.push(name);
  stack.offer('first', take('first'));
  stack.offer('second', take('second'));
  expect(stack.last.get()?.label).toBe('second');
  expect(stack.undoLast()).toBe(true);
  expect(stack.undoLast()).toBe(true);
  expect(stack.undoLast()).toBe(false);
  await settled();
  expect(taken).toEqual(['second', 'first']);
  expect(hide).toHaveBeenCalledTimes(2);
  expect(said.slice(2)).toEqual(['undone second', 'undone first']);
});

it('forgets a change after five minutes', () => {
  const stack = undos();
  stack.offer('old', async () => undefined);
  now = REACH_MS + 1;
  expect(stack.undoLast()).toBe(false);
  expect(stack.last.get()).toBeUndefined();
});

it('says why when somebody has changed the same thing since', async () => {
  const stack = undos();
  stack.offer('tags', () => Promise.reject(new Error('moved on')));
  stack.undoLast();
  await settled();
  expect(said.at(-1)).toBe('refused Error: moved on');
});
