// Which list opens while somebody types: by the characters before the caret, however they were typed.

export type TriggerKind = 'snippet' | 'article' | 'mention' | 'emoji' | 'variable';

export interface Trigger {
  kind: TriggerKind;
  /** What was typed after the sign. */
  query: string;
  /** How many characters before the caret a choice replaces. */
  length: number;
}

const SIGNS: readonly { kind: TriggerKind; pattern: RegExp }[] = [
  { kind: 'variable', pattern: /\{\{\s?([a-z_.]{0,40})$/i },
  { kind: 'snippet', pattern: /(?:^|\s)\/([^\s/]{0,40})$/u },
  { kind: 'article', pattern: /(?:^|\s)#([^\s#]{0,40})$/u },
  { kind: 'mention', pattern: /(?:^|[\s(])@([\p{L}\p{M}\p{N}'.-]{0,40})$/u },
  { kind: 'emoji', pattern: /(?:^|\s):([\p{L}\p{M}][\p{L}\p{M}\p{N}_+-]{0,30})$/u },
];

const LENGTHS: Record<TriggerKind, number> = {
  snippet: 1,
  article: 1,
  mention: 1,
  emoji: 1,
  variable: 2,
};

/** The trigger at the caret; `before` is the line up to it. */
export function triggerAt(before: string, kinds: readonly TriggerKind[]): Trigger | undefined {
  for (const { kind, pattern } of SIGNS) {
    const found = kinds.includes(kind) ? pattern.exec(before) : null;
    if (!found) continue;
    const query = found[1] ?? '';
    const spaces = kind === 'variable' ? (found[0]?.length ?? 0) - 2 - query.length : 0;
    return { kind, query, length: LENGTHS[kind] + spaces + query.length };
  }
  return undefined;
}
