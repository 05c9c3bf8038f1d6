// The variables of texts: names, where they stand, what a text says when they are filled.

export const VARIABLES = [
  'customer.name',
  'customer.first_name',
  'case.reference',
  'agent.name',
  'agent.first_name',
  'brand.name',
  'department.name',
  'today',
] as const;

const VARIABLE = /\{\{[ \t]*([a-z][a-z_]{0,30}(?:\.[a-z][a-z_]{0,30}){0,3})[ \t]*\}\}/g;

export interface Resolved {
  text: string;
  /** Variables nobody has a value for, each once. */
  missing: string[];
}

export function resolve(text: string, values: Readonly<Record<string, string>>): Resolved {
  const missing = new Set<string>();
  const known = (name: string): string => (Object.hasOwn(values, name) ? (values[name] ?? '') : '');
  const filled = text.replace(VARIABLE, (whole, name: string) => {
    const value = known(name);
    if (value === '') missing.add(name);
    return value || whole;
  });
  return { text: filled, missing: [...missing] };
}
