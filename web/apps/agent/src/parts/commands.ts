// Commands of the keyboard: screens say what they answer to, one handler listens.

import { useEffect, useRef } from 'react';
import { BINDINGS, type Command } from '@keys/bindings';
import { match } from '@keys/match';

type Run = () => unknown;

const handlers = new Map<Command, Run[]>();

/** Runs when the command's keys are pressed; the screen opened last answers first. */
export function useCommand(command: Command, run: Run): void {
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    const mine: Run = () => latest.current();
    handlers.set(command, [...(handlers.get(command) ?? []), mine]);
    return () => {
      handlers.set(
        command,
        (handlers.get(command) ?? []).filter((one) => one !== mine),
      );
    };
  }, [command]);
}

export function runCommand(command: Command): boolean {
  const answering = handlers.get(command);
  const last = answering?.[answering.length - 1];
  if (!last) return false;
  last();
  return true;
}

export function useKeyboard(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]')) return;
      const command = match(event, BINDINGS) as Command | undefined;
      if (command && runCommand(command)) event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
