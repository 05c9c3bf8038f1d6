// Which combinations may be given to a command: the layout rules, and nothing that is taken already.

import { normal, stepsOf, type Step } from './combo';
import type { Row } from './table';

/** Characters that need AltGr on Czech, Polish and Russian keyboards. */
const ALTGR = new Set(['[', ']', '{', '}', '\\', '@', '|']);

/** Keys that browsers and systems keep for themselves. */
const OWNED = new Set(
  [
    'Mod+N Mod+T Mod+W Mod+Q Mod+Tab Mod+Shift+N Mod+Shift+T Mod+Shift+W Mod+Shift+Q',
    'Mod+Shift+U Mod+Shift+E Mod+. Mod+R Mod+L Mod+C Mod+V Mod+X Mod+Z Mod+P Mod+F F5 F11 F12',
  ]
    .join(' ')
    .split(' '),
);

/** Keys without which a page cannot be walked. */
const WALKING = new Set(['Tab', 'Escape', ' ', 'Space', 'Enter', 'Backspace']);

export type Refusal = 'alt' | 'altgr' | 'owned' | 'walking' | 'field' | 'steps' | 'taken';

export interface Binding extends Row {
  /** The keys in force for this person: the table's, changed by the settings. */
  keys: readonly string[];
}

const plain = (step: Step): boolean => !step.mod && !step.shift;
const isFunction = (step: Step): boolean => /^F\d+$/.test(step.name);

function shape(steps: readonly Step[], row: Row): Refusal | undefined {
  if (steps.length > 2 || (steps.length === 2 && steps.some((step) => step.mod))) return 'steps';
  if (steps.some((step) => step.alt)) return 'alt';
  if (steps.some((step) => ALTGR.has(step.name))) return 'altgr';
  if (steps.some((step) => plain(step) && WALKING.has(step.name))) return 'walking';
  const [first] = steps;
  if (row.everywhere && first && !first.mod && !isFunction(first)) return 'field';
  return undefined;
}

/** One begins with the other: pressing it would leave open which is meant. */
const collides = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);

/** Who has this combination or one that begins like it; undefined when it is free. */
export function takenBy(
  combo: string,
  row: Row,
  bindings: readonly Binding[],
): Binding | undefined {
  const wanted = normal(combo);
  return bindings.find(
    (one) => one.command !== row.command && one.keys.some((keys) => collides(wanted, normal(keys))),
  );
}

/** Why a command may not have this combination. */
export function refusal(
  combo: string,
  row: Row,
  bindings: readonly Binding[],
): Refusal | undefined {
  const steps = stepsOf(combo);
  const [first] = steps;
  if (!first) return 'steps';
  const bad = shape(steps, row);
  // What stands in the table has been looked at: Enter, Esc and the like are refused to others only.
  if (bad && !row.keys.includes(combo)) return bad;
  if (OWNED.has(normal(combo))) return 'owned';
  return takenBy(combo, row, bindings) ? 'taken' : undefined;
}
