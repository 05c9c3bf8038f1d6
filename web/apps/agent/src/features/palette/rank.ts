// How well an entry fits what was typed: whole words first, then parts, then letters in their order.

import { fold } from '@keys/fold';

export interface Entry {
  id: string;
  /** Where it stands: "command", "go", "view", "person", "case" … */
  kind: string;
  name: string;
  hint?: string;
  /** Other words it may be looked for by. */
  also?: string;
}

export interface Folded<E extends Entry> {
  entry: E;
  name: string;
  words: readonly string[];
  also: string;
}

export const foldAll = <E extends Entry>(entries: readonly E[]): Folded<E>[] =>
  entries.map((entry) => {
    const name = fold(entry.name);
    return { entry, name, words: name.split(/[\s.,:·()]+/), also: fold(entry.also ?? '') };
  });

/** Letters of the query in their order within the name: "prij" finds "Přijmout nabídku". */
function inOrder(name: string, query: string): boolean {
  let at = 0;
  for (const letter of name) {
    if (letter === query[at]) at += 1;
    if (at === query.length) return true;
  }
  return false;
}

/** 0 = no match; more is better. */
function worth(one: Folded<Entry>, query: string, parts: readonly string[]): number {
  if (one.name === query) return 100;
  if (one.name.startsWith(query)) return 90;
  if (parts.every((part) => one.words.some((word) => word.startsWith(part)))) return 80;
  if (one.name.includes(query)) return 60;
  if (parts.every((part) => one.also.includes(part) || one.name.includes(part))) return 40;
  return query.length > 3 && inOrder(one.name, query) ? 20 : 0;
}

export function ranked<E extends Entry>(
  folded: readonly Folded<E>[],
  typed: string,
  recent: readonly string[],
  limit = 30,
): E[] {
  const query = fold(typed.trim());
  const parts = query.split(/\s+/);
  const place = new Map(recent.map((id, at) => [id, recent.length - at]));
  return folded
    .map((one, at) => ({
      one,
      at,
      value: query === '' ? 1 : worth(one, query, parts),
      lately: place.get(one.entry.id) ?? 0,
    }))
    .filter((one) => one.value > 0)
    .sort((a, b) => b.value - a.value || b.lately - a.lately || a.at - b.at)
    .slice(0, limit)
    .map((one) => one.one.entry);
}
