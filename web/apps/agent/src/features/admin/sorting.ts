// Order and search of a table: what a row is sorted and found by, in the person's own alphabet.

export type Key = string | number | null | undefined;

export interface Sorted {
  column: number;
  down: boolean;
}

/** Letters without marks and case, so that "zak" finds Žák. */
export const fold = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

const compare = (language: string) => {
  const letters = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  return (a: Key, b: Key): number => {
    if (typeof a === 'number' && typeof b === 'number') return a - b;
    return letters.compare(String(a ?? ''), String(b ?? ''));
  };
};

/** The rows in the order of a column; those without a value come last either way. */
export function inOrder<T>(
  rows: readonly T[],
  by: ((row: T) => Key) | undefined,
  down: boolean,
  language: string,
): readonly T[] {
  if (!by) return rows;
  const order = compare(language);
  const none = (key: Key): boolean => key === null || key === undefined || key === '';
  return rows
    .map((row) => ({ row, key: by(row) }))
    .sort((a, b) => {
      if (none(a.key) || none(b.key)) return Number(none(a.key)) - Number(none(b.key));
      return down ? order(b.key, a.key) : order(a.key, b.key);
    })
    .map(({ row }) => row);
}

/** The rows in which every word stands somewhere. */
export function found<T>(
  rows: readonly T[],
  words: string,
  keys: readonly ((row: T) => Key)[],
): readonly T[] {
  const wanted = fold(words).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return rows;
  return rows.filter((row) => {
    const text = fold(keys.map((key) => String(key(row) ?? '')).join(' '));
    return wanted.every((word) => text.includes(word));
  });
}
