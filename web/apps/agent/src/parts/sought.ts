// Looking for words in short lists: accents and capitals do not matter, beginnings come first.

/** Lower case without accents: what is compared when somebody looks for a word. */
export const folded = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/ł/g, 'l').replace(/ё/g, 'е');

/** Those whose words hold the query; the ones that begin with it come first. */
export function sought<T>(
  all: readonly T[],
  query: string,
  words: (one: T) => readonly string[],
  limit = 8,
): T[] {
  const wanted = folded(query);
  const first: T[] = [];
  const rest: T[] = [];
  for (const one of all) {
    const told = words(one).map(folded);
    if (told.some((word) => word.startsWith(wanted))) first.push(one);
    else if (told.some((word) => word.includes(wanted))) rest.push(one);
    if (first.length >= limit) break;
  }
  return [...first, ...rest].slice(0, limit);
}
