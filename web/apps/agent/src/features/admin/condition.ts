// A rule's condition as rows a person can read, and as the expression the server keeps (CEL).

export interface Clause {
  field: FieldName;
  op: string;
  value: string;
}

export interface Condition {
  join: 'all' | 'any';
  clauses: Clause[];
}

export type Sort = 'choice' | 'text' | 'yes' | 'tag' | 'account';

export const FIELDS = {
  channel: 'choice',
  account: 'account',
  subject: 'text',
  text: 'text',
  language: 'choice',
  customer_tier: 'choice',
  customer_known: 'yes',
  customer_language: 'choice',
  customer_name: 'text',
  automated: 'choice',
  first: 'yes',
  tags: 'tag',
} as const satisfies Record<string, Sort>;
export type FieldName = keyof typeof FIELDS;

export const OPS: Record<Sort, readonly string[]> = {
  choice: ['is', 'is_not'],
  account: ['is', 'is_not'],
  text: ['contains', 'lacks', 'starts', 'pattern'],
  yes: ['is_true', 'is_false'],
  tag: ['has', 'has_not'],
};

const NAMES: Record<FieldName, string> = {
  channel: 'channel',
  account: 'account.address',
  subject: 'subject',
  text: 'text',
  language: 'language',
  customer_tier: 'customer.tier',
  customer_known: 'customer.known',
  customer_language: 'customer.language',
  customer_name: 'customer.name',
  automated: 'automated',
  first: 'first',
  tags: 'tags',
};

const quoted = (text: string): string =>
  `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n')}'`;
const bare = (literal: string): string =>
  literal.slice(1, -1).replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const plain = (pattern: string): string => pattern.replace(/\\([.*+?^${}()|[\]\\])/g, '$1');

/** Words of a list: "invoice, bill" means either of them. */
const words = (value: string): string[] =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

function writeClause({ field, op, value }: Clause): string {
  const name = NAMES[field];
  const any = words(value).map(escaped).join('|');
  switch (op) {
    case 'is':
      return `${name} == ${quoted(value)}`;
    case 'is_not':
      return `${name} != ${quoted(value)}`;
    case 'contains':
      return `${name}.matches(${quoted(`(?i)(${any})`)})`;
    case 'lacks':
      return `!${name}.matches(${quoted(`(?i)(${any})`)})`;
    case 'starts':
      return `${name}.matches(${quoted(`(?i)^(${any})`)})`;
    case 'pattern':
      return `${name}.matches(${quoted(value)})`;
    case 'has':
      return `${quoted(value)} in ${name}`;
    case 'has_not':
      return `!(${quoted(value)} in ${name})`;
    case 'is_false':
      return `!${name}`;
    default:
      return name;
  }
}

/** The expression of a condition; one without rows is always true. */
export function write({ join, clauses }: Condition): string {
  if (clauses.length === 0) return 'true';
  return clauses.map(writeClause).join(join === 'all' ? ' && ' : ' || ');
}

const STRING = String.raw`('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`;
const EQUAL = new RegExp(`^([\\w.]+)\\s*(==|!=)\\s*${STRING}$`);
const CALL = new RegExp(`^(!?)([\\w.]+)\\.(matches|contains|startsWith)\\(\\s*${STRING}\\s*\\)$`);
const IN = new RegExp(`^(?:${STRING}\\s+in\\s+(\\w+)|!\\(\\s*${STRING}\\s+in\\s+(\\w+)\\s*\\))$`);
const LOOSE = /^\(\?i\)(\^?)\((.*)\)$/s;

const fieldOf = (name: string | undefined): FieldName | undefined =>
  (Object.keys(NAMES) as FieldName[]).find((field) => NAMES[field] === name);

function readMatch(field: FieldName, negative: boolean, pattern: string): Clause | undefined {
  const loose = LOOSE.exec(pattern);
  if (loose?.[2] === '' && loose[1] === '') {
    return { field, op: negative ? 'lacks' : 'contains', value: '' };
  }
  const list = loose?.[2]?.match(/(?:[^|\\]|\\.)+/g) ?? [];
  const simple = list.length > 0 && list.every((one) => escaped(plain(one)) === one && one !== '');
  if (!loose || !simple) return negative ? undefined : { field, op: 'pattern', value: pattern };
  if (loose[1] === '^' && negative) return undefined;
  const op = loose[1] === '^' ? 'starts' : negative ? 'lacks' : 'contains';
  return { field, op, value: list.map(plain).join(', ') };
}

function readClause(text: string): Clause | undefined {
  const equal = EQUAL.exec(text);
  if (equal) {
    const field = fieldOf(equal[1]);
    if (!field || FIELDS[field] === 'yes' || FIELDS[field] === 'tag') return undefined;
    if (FIELDS[field] === 'text') return undefined;
    return { field, op: equal[2] === '==' ? 'is' : 'is_not', value: bare(equal[3] ?? "''") };
  }
  const call = CALL.exec(text);
  if (call) {
    const field = fieldOf(call[2]);
    if (!field || FIELDS[field] !== 'text' || call[3] !== 'matches') return undefined;
    return readMatch(field, call[1] === '!', bare(call[4] ?? "''"));
  }
  const within = IN.exec(text);
  if (within && fieldOf(within[2] ?? within[4]) === 'tags') {
    const op = within[1] === undefined ? 'has_not' : 'has';
    return { field: 'tags', op, value: bare(within[1] ?? within[3] ?? "''") };
  }
  const negative = text.startsWith('!');
  const field = fieldOf(negative ? text.slice(1) : text);
  if (!field || FIELDS[field] !== 'yes') return undefined;
  return { field, op: negative ? 'is_false' : 'is_true', value: '' };
}

const PIECE = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|&&|\|\||[([{]|[)\]}]|\?/g;

/** Cuts an expression where its outermost signs join it; undefined when they are mixed. */
function cut(when: string): { join: Condition['join']; pieces: string[] } | undefined {
  let depth = 0;
  let from = 0;
  let sign = '';
  const pieces: string[] = [];
  for (const hit of when.matchAll(PIECE)) {
    const [found] = hit;
    if (/^[([{]$/.test(found)) depth += 1;
    else if (/^[)\]}]$/.test(found)) depth -= 1;
    else if (depth === 0 && found === '?') return undefined;
    else if (depth === 0 && (found === '&&' || found === '||')) {
      if (sign !== '' && sign !== found) return undefined;
      sign = found;
      pieces.push(when.slice(from, hit.index).trim());
      from = hit.index + 2;
    }
  }
  pieces.push(when.slice(from).trim());
  return { join: sign === '||' ? 'any' : 'all', pieces };
}

/** Reads an expression as rows; undefined when it says more than rows can. */
export function read(when: string): Condition | undefined {
  if (when.trim() === 'true') return { join: 'all', clauses: [] };
  const found = cut(when);
  const clauses = found?.pieces.map(readClause);
  if (!found || !clauses || clauses.includes(undefined)) return undefined;
  return { join: found.join, clauses: clauses as Clause[] };
}
