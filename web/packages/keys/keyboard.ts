// Which command a key press means now: two-key sequences, dead keys and text fields in mind.

import { stepsOf, type Step } from './combo';
import { inField, isModifier, isWriting, meanings, ownsKeys, type Press } from './press';
import type { Binding } from './rules';
import type { Command } from './table';

/** How long the second key of a sequence may be waited for. */
export const SEQUENCE_MS = 1_000;

const OWNABLE = new Set(['Enter', 'ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight']);

interface Bound {
  binding: Binding;
  steps: readonly Step[];
}

export type Heard =
  | { command: Command }
  /** The first key of a sequence: the page keeps it and waits for the second. */
  | { waiting: true }
  | undefined;

const same = (a: Step, b: Step): boolean =>
  a.mod === b.mod && a.shift === b.shift && a.name === b.name;

export class Keyboard {
  private bound: readonly Bound[] = [];
  private begun: { step: Step; until: number } | undefined;
  /** A dead key has been pressed: the next key makes a letter with it. */
  private dead = false;

  constructor(bindings: readonly Binding[]) {
    this.use(bindings);
  }

  use(bindings: readonly Binding[]): void {
    this.begun = undefined;
    this.bound = bindings.flatMap((binding) =>
      binding.keys.map((keys) => ({ binding, steps: stepsOf(keys) })),
    );
  }

  press(press: Press, now: number): Heard {
    if (isModifier(press)) return undefined;
    const afterDead = this.dead;
    this.dead = press.key === 'Dead';
    const begun = this.begun;
    this.begun = undefined;
    if (afterDead || isWriting(press)) return undefined;
    const said = meanings(press);
    if (begun && begun.until >= now && !inField(press)) return this.second(begun.step, said);
    return this.first(press, said, now);
  }

  /** The second key of a sequence; one that continues none means nothing, lest G and then E close. */
  private second(first: Step, said: readonly Step[]): Heard {
    for (const { binding, steps } of this.bound) {
      const [one, two] = steps;
      if (one && two && same(one, first) && said.some((step) => same(two, step)))
        return { command: binding.command as Command };
    }
    return undefined;
  }

  private first(press: Press, said: readonly Step[], now: number): Heard {
    const field = inField(press);
    for (const step of said) {
      if (OWNABLE.has(step.name) && !step.mod && ownsKeys(press)) continue;
      for (const { binding, steps } of this.bound) {
        const [one, two] = steps;
        if (!one || !same(one, step) || (field && !binding.everywhere)) continue;
        if (press.repeat && !binding.repeats) return undefined;
        if (!two) return { command: binding.command as Command };
        this.begun = { step, until: now + SEQUENCE_MS };
        return { waiting: true };
      }
    }
    return undefined;
  }
}
