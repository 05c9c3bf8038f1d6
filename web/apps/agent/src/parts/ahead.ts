// Keys pressed while another Case is on its way: what leads into writing waits for it, with the letters typed behind it.

import type { Command } from '@keys/table';
import { runCommand } from './registry';

const EDITABLE = 'input, textarea, select, [contenteditable="true"]';
const WRITING: ReadonlySet<Command> = new Set<Command>(['reply', 'note', 'mode']);

/** Once nothing is on its way any more: time for the composer to be drawn, then the keys are keys again. */
const PATIENCE_MS = 1_000;
/** While one is on its way; a line that is cut brings none. */
const LONGEST_MS = 15_000;

/** How many parts of the screen wait for a Case just now. */
let coming = 0;
/** How many of them still show another one, which answers to keys as before. */
let asked = 0;
let waiting: { command: Command; text: string; since: number } | undefined;

/** A command of the Case that stands still: kept when it leads into writing, else dropped. */
export function keep(command: Command): void {
  if (WRITING.has(command)) waiting = { command, text: '', since: performance.now() };
}

/** A Case is on its way until the returned call; what is typed for it is kept. */
export function awaitCase(): () => void {
  coming += 1;
  return () => {
    coming -= 1;
    if (waiting) waiting.since = performance.now();
  };
}

/**
 * A Case is asked for that the server must grant first, so another one is still open: what is written from now on
 * is not for that one. The returned call says whether it comes; when it does not, the words are dropped.
 */
export function askForCase(): (comes: boolean) => void {
  asked += 1;
  const here = awaitCase();
  return (comes) => {
    asked -= 1;
    here();
    if (!comes) waiting = undefined;
  };
}

/** A command for the Case that was asked for, not for the one that is open; true when it is kept. */
export function keepForAsked(command: Command): boolean {
  return asked > 0 && keepForComing(command);
}

/** A command that nobody answers yet because the Case is still on its way; true when it is kept. */
export function keepForComing(command: Command): boolean {
  if (coming === 0 || !WRITING.has(command)) return false;
  keep(command);
  return true;
}

/** Letters behind such a command are words, whatever they are short for; true when the key was one. */
export function typedAhead(event: KeyboardEvent): boolean {
  // whoever writes somewhere else by now means that place
  const elsewhere = event.target instanceof Element && event.target.matches(EDITABLE);
  const patience = coming === 0 ? PATIENCE_MS : LONGEST_MS;
  const late = waiting && performance.now() - waiting.since > patience;
  if (elsewhere || late) waiting = undefined;
  if (!waiting || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === 'Escape') waiting = undefined;
  else if (event.key === 'Backspace') waiting.text = [...waiting.text].slice(0, -1).join('');
  else if (event.key === 'Enter') waiting.text += '\n';
  else if ([...event.key].length === 1) waiting.text += event.key;
  else return false;
  return true;
}

/** The Case is here: goes where one writes, and puts there what was typed; else the composer asks again when it comes. */
export function catchUp(): void {
  const kept = waiting;
  if (coming > 0 || !kept || !runCommand(kept.command)) return;
  waiting = undefined;
  if (kept.text === '') return;
  const at = document.activeElement;
  // as if typed, so that the browser's own undo knows it
  if (at instanceof HTMLElement && at.matches('textarea, [contenteditable="true"]'))
    document.execCommand('insertText', false, kept.text);
}
