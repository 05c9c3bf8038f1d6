// Roles as the server tells them, and what ticking a right brings along.

import type { TFunction } from 'i18next';

export interface RoleRow {
  id: string;
  key: string;
  name: string;
  note: string;
  rights: readonly string[];
  built_in: boolean;
  people: number;
  version?: number;
}

export type Brings = Readonly<Record<string, readonly string[]>>;

export interface RolesAnswer {
  items: readonly RoleRow[];
  groups: readonly { name: string; rights: readonly string[] }[];
  brings: Brings;
}

/** Built-in roles are called in the person's language, own ones as somebody called them. */
export const roleName = (role: { key: string; name: string; built_in?: boolean }, t: TFunction) =>
  role.built_in ? t(`role.${role.key}`) : role.name;

/** Rights after one was ticked or not: what it needs comes along, what needs it goes. */
export function brings(
  rights: readonly string[],
  right: string,
  on: boolean,
  table: Brings,
): readonly string[] {
  if (on) return [...new Set([...rights, right, ...(table[right] ?? [])])];
  return rights.filter((one) => one !== right && !(table[one] ?? []).includes(right));
}
