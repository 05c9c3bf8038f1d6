// A quote in plain text: who and when, each line with its sign, on lines of its own.

export interface Quote {
  /** "Olga Nováková, 22 Nov, 14:05:"; empty where the customer sees his own words just above. */
  head: string;
  text: string;
}

/** The lines to put after `before`, with an empty line for the answer. */
export function plainQuote({ head, text }: Quote, before: string): string {
  const gap = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const lines = text
    .trim()
    .split(/\r?\n/)
    .map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()));
  return `${gap}${[...(head ? [head] : []), ...lines].join('\n')}\n\n`;
}
