// Every command of the workspace with its keys, in one table: handler, palette, tooltips and the sheet read it.

export type Group = 'move' | 'case' | 'write' | 'select' | 'work' | 'go' | 'help';

export interface Row {
  command: string;
  group: Group;
  /** The first way is the one that is shown; "g i" means one after the other within a second. */
  keys: readonly string[];
  /** Works inside text fields too: only keys with Mod and function keys may. */
  everywhere?: true;
  /** Works while a dialog is open too. */
  inDialogs?: true;
  /** Held down, it goes on. */
  repeats?: true;
  /** Its keys are kept free for a screen that is not built yet. */
  later?: true;
}

const view = <N extends number>(number: N) =>
  ({ command: `view_${number}`, group: 'go', keys: [`${number}`] }) as const;

export const TABLE = [
  { command: 'next', group: 'move', keys: ['j', 'ArrowDown'], repeats: true },
  { command: 'previous', group: 'move', keys: ['k', 'ArrowUp'], repeats: true },
  { command: 'open', group: 'move', keys: ['o', 'Enter'] },
  { command: 'back', group: 'move', keys: ['Escape'] },
  { command: 'next_panel', group: 'move', keys: ['F6'], everywhere: true },
  { command: 'previous_panel', group: 'move', keys: ['Shift+F6'], everywhere: true },
  { command: 'panel', group: 'move', keys: ['z'] },
  { command: 'menu', group: 'move', keys: ['.'] },

  { command: 'palette', group: 'go', keys: ['Mod+K'], everywhere: true },
  { command: 'search', group: 'go', keys: ['/'] },
  { command: 'go_inbox', group: 'go', keys: ['g i'] },
  { command: 'go_customers', group: 'go', keys: ['g c'] },
  { command: 'go_visits', group: 'go', keys: ['g v'], later: true },
  { command: 'go_outbound', group: 'go', keys: ['g o'], later: true },
  { command: 'go_reports', group: 'go', keys: ['g r'], later: true },
  { command: 'go_console', group: 'go', keys: ['g s'] },
  { command: 'go_wallboard', group: 'go', keys: ['g w'] },
  { command: 'go_knowledge', group: 'go', keys: ['g n'], later: true },
  { command: 'go_admin', group: 'go', keys: ['g a'] },
  { command: 'go_settings', group: 'go', keys: [] },
  view(1),
  view(2),
  view(3),
  view(4),
  view(5),
  view(6),
  view(7),
  view(8),
  view(9),

  { command: 'solve', group: 'case', keys: ['e'] },
  { command: 'solve_next', group: 'case', keys: ['Shift+E'] },
  { command: 'snooze', group: 'case', keys: ['h'] },
  { command: 'assign', group: 'case', keys: ['a'] },
  { command: 'take', group: 'case', keys: ['Shift+A'] },
  { command: 'transfer', group: 'case', keys: ['t'] },
  { command: 'tags', group: 'case', keys: ['l'] },
  { command: 'priority', group: 'case', keys: ['p'] },
  { command: 'disposition', group: 'case', keys: ['d'] },
  { command: 'help_flag', group: 'case', keys: ['v'] },
  { command: 'steps', group: 'case', keys: ['s'] },
  { command: 'elsewhere', group: 'case', keys: ['c'] },
  { command: 'undo', group: 'case', keys: ['u'] },

  { command: 'reply', group: 'write', keys: ['r'] },
  { command: 'note', group: 'write', keys: ['n'] },
  { command: 'forward', group: 'write', keys: ['f'] },
  { command: 'macro', group: 'write', keys: ['m'] },
  { command: 'send', group: 'write', keys: ['Mod+Enter'], everywhere: true },
  { command: 'send_solve_next', group: 'write', keys: ['Mod+Shift+Enter'], everywhere: true },
  { command: 'undo_send', group: 'write', keys: ['Mod+Shift+Backspace'], everywhere: true },
  { command: 'channel', group: 'write', keys: ['Mod+Shift+F'], everywhere: true },
  { command: 'mode', group: 'write', keys: ['F2'], everywhere: true },

  { command: 'select', group: 'select', keys: ['x'] },
  { command: 'select_next', group: 'select', keys: ['Shift+J'], repeats: true },
  { command: 'select_previous', group: 'select', keys: ['Shift+K'], repeats: true },
  { command: 'select_all', group: 'select', keys: ['Mod+A'] },

  { command: 'accept', group: 'work', keys: ['Mod+Shift+A'], everywhere: true, inDialogs: true },
  { command: 'decline', group: 'work', keys: ['Mod+Shift+D'], everywhere: true },
  { command: 'presence', group: 'work', keys: ['Mod+Shift+S'], everywhere: true },
  {
    command: 'mute',
    group: 'work',
    keys: ['Mod+Shift+M'],
    everywhere: true,
    inDialogs: true,
    later: true,
  },
  {
    command: 'hold',
    group: 'work',
    keys: ['Mod+Shift+H'],
    everywhere: true,
    inDialogs: true,
    later: true,
  },

  { command: 'keys', group: 'help', keys: ['?'] },
] as const satisfies readonly Row[];

export type Command = (typeof TABLE)[number]['command'];

const ROWS: readonly Row[] = TABLE;

export const rowOf = (command: Command): Row => {
  const row = ROWS.find((one) => one.command === command);
  if (!row) throw new Error(`no command ${command}`);
  return row;
};
