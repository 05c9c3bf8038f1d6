// Keys pressed while another Case is on its way: what leads into writing waits for it, with the letters typed behind it.

import type { Command } from '@keys/table';
import { runCommand } from './registry';

const EDITABLE = 'input, textarea, select, [contenteditable="true"]';
const WRITING: ReadonlySet<Command> = new Set<Command>(['reply', 'note', 'mode']);

/** A Case comes sooner, or it does not come. */
const PATIENCE_MS = 1_000;

let waiting: { command: Command; text: string; since: number } | undefined;

/** A command of the Case that stands still: kept when it leads into writing, else dropped. */
export function keep(command: Command): void {
  if (WRITING.has(command)) waiting = { command, text: '', since: performance.now() };
}

/** Letters behind such a command are words, whatever they are short for; true when the key was one. */
export function typedAhead(event: KeyboardEvent): boolean {
  // whoever writes somewhere else by now means that place
  const elsewhere = event.target instanceof Element && event.target.matches(EDITABLE);
  const late = waiting && performance.now() - waiting.since > PATIENCE_MS;
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
  if (!kept || !runCommand(kept.command)) return;
  waiting = undefined;
  if (kept.text === '') return;
  const at = document.activeElement;
  // as if typed, so that the browser's own undo knows it
  if (at instanceof HTMLElement && at.matches('textarea, [contenteditable="true"]'))
    document.execCommand('insertText', false, kept.text);
}
