// What a form needs to know of a JSON Schema property, and the values it starts with.

export interface Property {
  type?: string;
  enum?: unknown[];
  items?: { type?: string };
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  description?: string;
  title?: string;
  'x-title'?: Record<string, string>;
  'x-help'?: Record<string, string>;
  'x-secret'?: boolean;
}

export interface Schema {
  properties?: Record<string, Property>;
  required?: string[];
}

export interface Manifest {
  kind: string;
  door?: string;
  title: Record<string, string>;
  help?: Record<string, string>;
  settings: Schema;
}

export type Values = Record<string, unknown>;

export const isSecret = (property: Property): boolean => property['x-secret'] === true;

/** The words of a property in a language; its name spelled out when the maker gave none. */
export function titleOf(name: string, property: Property, language: string): string {
  const words = property['x-title'];
  return words?.[language] ?? words?.en ?? property.title ?? name.replaceAll('_', ' ');
}

export const helpOf = (property: Property, language: string): string | undefined =>
  property['x-help']?.[language] ?? property['x-help']?.en ?? property.description;

export function startValues(schema: Schema, known: Values | undefined): Values {
  const defaults = Object.entries(schema.properties ?? {})
    .filter(([, property]) => property.default !== undefined && !isSecret(property))
    .map(([name, property]) => [name, property.default]);
  return { ...Object.fromEntries(defaults), ...known };
}

/** Splits what was typed: plain settings without empty ones, and secrets that were typed anew. */
export function partition(
  schema: Schema,
  values: Values,
): { settings: Values; secrets: Record<string, string> } {
  const settings: Values = {};
  const secrets: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const property = schema.properties?.[name];
    if (value === '' || value === undefined || value === null) continue;
    if (property && isSecret(property)) secrets[name] = String(value);
    else settings[name] = value;
  }
  return { settings, secrets };
}
