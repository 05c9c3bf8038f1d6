// One combination of keys as it is written in the table: "j", "Shift+E", "Mod+Enter", "g i".

export interface Step {
  mod: boolean;
  shift: boolean;
  alt: boolean;
  /** A letter or digit in lower case, a sign, or the name of a key: "Enter", "F6". */
  name: string;
}

function stepOf(text: string): Step {
  const parts = text.split('+');
  const last = parts[parts.length - 1] ?? '';
  return {
    mod: parts.includes('Mod'),
    shift: parts.includes('Shift'),
    alt: parts.includes('Alt'),
    name: last.length === 1 ? last.toLowerCase() : last,
  };
}

/** The steps of a combination, in their order. */
export const stepsOf = (combo: string): Step[] => combo.split(' ').filter(Boolean).map(stepOf);

/** The same combination is always written the same way, so that two of them can be compared. */
export const normal = (combo: string): string =>
  stepsOf(combo)
    .map((step) =>
      [
        step.mod ? 'Mod' : '',
        step.alt ? 'Alt' : '',
        step.shift ? 'Shift' : '',
        step.mod || step.shift ? upper(step.name) : step.name,
      ]
        .filter(Boolean)
        .join('+'),
    )
    .join(' ');

const upper = (name: string): string => (name.length === 1 ? name.toUpperCase() : name);

/** A character alone or with Shift: what WCAG 2.1.4 asks to be switched off or changed. */
export const single = (combo: string): boolean => {
  const [first] = stepsOf(combo);
  return first !== undefined && !first.mod && first.name.length === 1;
};

const SIGNS: Record<string, string> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

const apple = (): boolean =>
  typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** How a combination is written on this machine, step by step: [["Ctrl", "K"]], [["G"], ["I"]]. */
export function caps(combo: string): string[][] {
  return stepsOf(combo).map((step) => {
    const marks = apple() ? { mod: '⌘', shift: '⇧' } : { mod: 'Ctrl', shift: '⇧' };
    const name =
      step.name === 'Backspace' && apple() ? '⌫' : (SIGNS[step.name] ?? upper(step.name));
    return [step.mod ? marks.mod : '', step.shift ? marks.shift : '', name].filter(Boolean);
  });
}

export const written = (combo: string): string =>
  caps(combo)
    .map((step) => step.join(apple() ? '' : ' + '))
    .join(' · ');
