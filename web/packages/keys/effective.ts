// The keys in force for one person: the table, with what the person changed or switched off.

import { normal, single } from './combo';
import { refusal, type Binding } from './rules';
import { TABLE, type Row } from './table';

export interface KeyWishes {
  /** False: no key works that is a character alone. */
  single_keys: boolean;
  /** Command → combination; an empty one switches the command's keys off. */
  keys: Readonly<Record<string, string>>;
}

export const AS_BUILT: KeyWishes = { single_keys: true, keys: {} };

const ROWS: readonly Row[] = TABLE;

/** What a wish means for one command; a wish that breaks the rules counts as none. */
function wished(row: Row, wishes: KeyWishes, others: readonly Binding[]): readonly string[] {
  const combo = wishes.keys[row.command];
  if (combo === undefined) return row.keys;
  if (combo === '') return [];
  return refusal(combo, row, others) === undefined ? [normal(combo)] : row.keys;
}

/** Table rows whose own keys the wishes leave alone: only these stand in a wish's way. */
const untouched = (wishes: KeyWishes): Binding[] =>
  ROWS.filter((row) => wishes.keys[row.command] === undefined);

export function effective(wishes: KeyWishes): readonly Binding[] {
  const settled = untouched(wishes);
  const changed = new Map<string, Binding>();
  for (const row of ROWS) {
    if (wishes.keys[row.command] === undefined) continue;
    const keys = wished(row, wishes, [...settled, ...changed.values()]);
    changed.set(row.command, { ...row, keys });
  }
  return ROWS.map((row) => changed.get(row.command) ?? row).map((row) => ({
    ...row,
    keys: wishes.single_keys ? row.keys : row.keys.filter((combo) => !single(combo)),
  }));
}
