// Commands of the keyboard: screens say what they answer to, one handler listens.

import type { TFunction } from 'i18next';
import {
  createContext,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useSyncExternalStore,
} from 'react';
import { written } from '@keys/combo';
import { Keyboard } from '@keys/keyboard';
import type { Binding } from '@keys/rules';
import { rowOf, type Command } from '@keys/table';
import { Cell } from '@agent/data/cell';
import { awaitCase, keepForAsked, keepForComing, typedAhead } from './ahead';
import { AS_BUILT, effective } from '@keys/effective';
import {
  answerTo,
  mountedCommands,
  runCommand,
  watchCommands,
  type Answering,
  type Place,
} from './registry';

export { runCommand } from './registry';

/** The keys in force; the settings of the person change them. */
export const bindings = new Cell<readonly Binding[]>(effective(AS_BUILT));

/** Around what may be held: see `Place`. */
export const Within = createContext<Place | undefined>(undefined);

interface Options {
  /** False: this screen does not answer just now. */
  when?: boolean;
  /** What it is called here, for the palette. */
  label?: string;
  /** Before screens that are opened later. */
  first?: boolean;
}

/** Runs when the command's keys are pressed; the screen opened last answers first. */
export function useCommand(command: Command, run: () => unknown, options: Options = {}): void {
  const { when = true, label, first } = options;
  const place = useContext(Within);
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  useEffect(() => {
    if (!when) return undefined;
    return answerTo({ command, label, first, run: () => latest.current(), place });
  }, [command, when, label, first, place]);
}

/** While a Case is on its way to this part of the screen, words typed for it are kept. */
export function useAwaited(on: boolean): void {
  useLayoutEffect(() => (on ? awaitCase() : undefined), [on]);
}

/** What can be done just now: for the palette and the sheet of keys. */
export const useMounted = (): readonly Answering[] =>
  useSyncExternalStore(watchCommands, mountedCommands);

export const useBindings = (): readonly Binding[] =>
  useSyncExternalStore(bindings.subscribe, bindings.get);

/** The keys of a command as they are written here, for tooltips; undefined when it has none. */
export function useKeys(command: Command): string | undefined {
  const combo = useBindings().find((one) => one.command === command)?.keys[0];
  return combo === undefined ? undefined : written(combo);
}

/** The keys of any command, for menus that show them beside their entries. */
export function useKeysOf(): (command: Command) => string | undefined {
  const bindings = useBindings();
  return (command) => {
    const combo = bindings.find((one) => one.command === command)?.keys[0];
    return combo === undefined ? undefined : written(combo);
  };
}

/** The command's name; the nine views share one. */
export function commandName(t: TFunction, command: string): string {
  const number = /^view_(\d)$/.exec(command)?.[1];
  return number ? t('command.view', { number }) : t(`command.${command}`);
}

/** Escape in a field leaves the field: the panel around it takes the focus, its keys work again. */
function leaveField(event: KeyboardEvent): boolean {
  const at = event.target;
  if (event.key !== 'Escape' || event.isComposing || event.defaultPrevented) return false;
  if (!(at instanceof HTMLElement) || !at.matches('textarea, [contenteditable="true"]'))
    return false;
  const panel = at.closest<HTMLElement>('[data-panel], main');
  if (panel) panel.focus();
  else at.blur();
  return true;
}

function hear(keyboard: Keyboard, event: KeyboardEvent): void {
  if (typedAhead(event)) {
    event.preventDefault();
    return;
  }
  const dialog = document.querySelector('dialog[open]') !== null;
  if (!dialog && leaveField(event)) {
    event.preventDefault();
    return;
  }
  const heard = keyboard.press(event, event.timeStamp);
  if (!heard) return;
  if ('waiting' in heard) return;
  if (dialog && !rowOf(heard.command).inDialogs) return;
  const { command } = heard;
  if (keepForAsked(command) || runCommand(command) || keepForComing(command))
    event.preventDefault();
}

/** Mounted once, by the frame. */
export function useKeyboard(): void {
  const now = useBindings();
  const keyboard = useRef<Keyboard>(undefined);
  useEffect(() => {
    if (keyboard.current) keyboard.current.use(now);
    else keyboard.current = new Keyboard(now);
  }, [now]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (keyboard.current) hear(keyboard.current, event);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
