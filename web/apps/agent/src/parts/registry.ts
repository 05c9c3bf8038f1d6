// Which screens answer to which commands just now; the screen opened last answers first.

import type { Command } from '@keys/table';

export interface Answering {
  command: Command;
  run: () => unknown;
  /** What it is called here, when that says more than the command's own name. */
  label?: string;
  /** Answers before screens that were opened later: what is chosen goes before what is open. */
  first?: boolean;
  /** Where it stands; while that place is held nothing there answers. */
  place?: Place;
}

/** A part of the screen that is about to show something else. */
export interface Place {
  held: boolean;
  /** Told of a command that would have answered here. */
  keep: (command: Command) => void;
}

const answering = new Map<Command, readonly Answering[]>();
const listeners = new Set<() => void>();
let mounted: readonly Answering[] | undefined;

function changed(): void {
  mounted = undefined;
  for (const listener of listeners) listener();
}

export function answerTo(one: Answering): () => void {
  const before = answering.get(one.command) ?? [];
  const all = [...before, one];
  answering.set(one.command, [
    ...all.filter((other) => !other.first),
    ...all.filter((other) => other.first),
  ]);
  changed();
  return () => {
    const left = (answering.get(one.command) ?? []).filter((other) => other !== one);
    answering.set(one.command, left);
    changed();
  };
}

export function runCommand(command: Command): boolean {
  const last = answering.get(command)?.at(-1);
  if (!last) return false;
  if (last.place?.held) last.place.keep(command);
  else last.run();
  return true;
}

/** One entry for each command that would do something now. */
export const mountedCommands = (): readonly Answering[] =>
  (mounted ??= [...answering.values()].flatMap((all) => all.slice(-1)));

export function watchCommands(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
