// What stands in the line of the search, as text: filters are part of it, chips only write them.

export interface Marked {
  text: string;
  marks: readonly (readonly [number, number])[];
}

export interface Piece {
  text: string;
  hit: boolean;
}

/** Cuts a text at its marks, which count in characters, not in halves of them. */
export function pieces({ text, marks }: Marked): Piece[] {
  const characters = [...text];
  const found: Piece[] = [];
  let at = 0;
  const add = (end: number, hit: boolean): void => {
    if (end > at) found.push({ text: characters.slice(at, end).join(''), hit });
    at = Math.max(at, end);
  };
  for (const [begin, end] of marks) {
    add(begin, false);
    add(end, true);
  }
  add(characters.length, false);
  return found;
}

const quoted = (value: string): string =>
  /^[^\s"]+$/.test(value) ? value : `"${value.replaceAll('"', '')}"`;
const limit = (key: string): RegExp =>
  new RegExp(`(^|\\s)${key}:(?:"([^"]*)"?|([^\\s"]+))(?=\\s|$)`, 'u');

/** The value of a filter that is written in the line, '' when it is not there. */
export function limitOf(line: string, key: string): string {
  const found = limit(key).exec(line);
  return found ? (found[2] ?? found[3] ?? '') : '';
}

/** The line with a filter set, changed or ('') taken out; words stay as they are. */
export function withLimit(line: string, key: string, value: string): string {
  const bare = line.replace(limit(key), ' ').replace(/\s+/gu, ' ').trimStart();
  return value ? `${key}:${quoted(value)} ${bare}`.trimEnd() : bare;
}

/** What stands between two places of a line, counted in characters, as the server counts. */
export const piece = (line: string, begin: number, end: number): string =>
  [...line.trimStart()].slice(begin, end).join('');

/** The line without a piece of it; as it was when somebody has already typed over that piece. */
export function without(line: string, gone: string): string {
  const at = gone === '' ? -1 : line.indexOf(gone);
  if (at < 0) return line;
  const rest = `${line.slice(0, at)} ${line.slice(at + gone.length)}`;
  return rest.replace(/\s+/gu, ' ').trimStart();
}

/** Long enough to be asked: two characters besides blanks. */
export const askable = (line: string): boolean => line.trim().length > 1;
