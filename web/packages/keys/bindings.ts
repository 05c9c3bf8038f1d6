// All keys of the workspace in one table: handler, tooltips and the sheet of keys read it.

import type { Binding } from './match';

export const BINDINGS = [
  { keys: 'j', command: 'next' },
  { keys: 'k', command: 'previous' },
  { keys: '/', command: 'search' },
  { keys: 'r', command: 'reply' },
  { keys: 'n', command: 'note' },
  { keys: 'e', command: 'solve' },
  { keys: 't', command: 'transfer' },
  { keys: 'h', command: 'park' },
  { keys: 'z', command: 'panel' },
  { keys: '?', command: 'keys' },
  { keys: 'Mod+k', command: 'search', everywhere: true },
  { keys: 'Mod+Enter', command: 'send', everywhere: true },
  { keys: 'Mod+Shift+A', command: 'accept', everywhere: true },
  { keys: 'Mod+Shift+D', command: 'decline', everywhere: true },
  { keys: 'Mod+Shift+S', command: 'presence', everywhere: true },
  { keys: 'Mod+Shift+Backspace', command: 'undo_send', everywhere: true },
] as const satisfies readonly Binding[];

export type Command = (typeof BINDINGS)[number]['command'];

/** How a combination is written on this machine. */
export function written(keys: string): string {
  const apple = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
  return keys
    .replace('Mod', apple ? '⌘' : 'Ctrl')
    .replace('Shift', '⇧')
    .split('+')
    .map((part) => (part.length === 1 ? part.toUpperCase() : part))
    .join(apple ? '' : ' + ');
}
