// The colour a tag always has, computed as the server does.

const COLOURS = ['grey', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'violet'] as const;
export type TagColour = (typeof COLOURS)[number];

/** FNV-1a over the bytes of the lower-case word. */
export function tagColour(name: string): TagColour {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name.toLowerCase())) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return COLOURS[hash % COLOURS.length] ?? 'grey';
}
