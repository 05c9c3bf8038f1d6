// A view as its editor holds it: groups of rows, and the filter tree they stand for.

import type { SavedView, Sharing, ViewColour } from '@api/types';
import { FIELDS, OPERATORS, WORDS, type Compare, type Filter, type Kind } from '@sync/filter';
import type { Sort } from './rules';

export type Line = Compare;
/** `none` is not any of them. */
export interface Branch {
  how: 'all' | 'any' | 'none';
  parts: Part[];
}
export type Part = Line | Branch;

export interface Draft {
  id: string | undefined;
  version: number;
  name: string;
  sharing: Sharing;
  department_id: string | null;
  colour: ViewColour;
  sort: Sort;
  tree: Branch;
}

export const isBranch = (part: Part): part is Branch => 'parts' in part;

export const emptyDraft = (): Draft => ({
  id: undefined,
  version: 0,
  name: '',
  sharing: 'personal',
  department_id: null,
  colour: 'plain',
  sort: 'due',
  tree: { how: 'all', parts: [] },
});

/** One value becomes a list of one: the editor offers lists where they can stand. */
function lineOf(given: Compare): Line {
  const plural: Record<string, string> = { is: 'in', is_not: 'not_in' };
  const op = plural[given.op];
  if (op === undefined || typeof given.value !== 'string') return given;
  return { field: given.field, op, value: [given.value] };
}

export function partOf(filter: Filter): Part {
  if ('field' in filter) return lineOf(filter);
  if ('all' in filter) return { how: 'all', parts: filter.all.map(partOf) };
  if ('any' in filter) return { how: 'any', parts: filter.any.map(partOf) };
  const inner = partOf(filter.not);
  if (isBranch(inner) && inner.how === 'any') return { how: 'none', parts: inner.parts };
  return { how: 'none', parts: [inner] };
}

export function branchOf(filter: Filter): Branch {
  const part = partOf(filter);
  return isBranch(part) ? part : { how: 'all', parts: [part] };
}

export function filterOfPart(part: Part): Filter {
  if (!isBranch(part)) return part;
  const parts = part.parts.map(filterOfPart);
  if (part.how === 'all') return { all: parts };
  return part.how === 'any' ? { any: parts } : { not: { any: parts } };
}

export const draftOf = (view: SavedView): Draft => ({
  id: view.id,
  version: view.version,
  name: view.name,
  sharing: view.sharing,
  department_id: view.department_id,
  colour: view.colour,
  sort: view.sort,
  tree: branchOf(view.filter),
});

/** Comparisons the editor offers: those of lists say what single ones say. */
export const offered = (field: string): readonly string[] => {
  const kind = FIELDS[field];
  return kind
    ? OPERATORS[kind].filter((op) => kind === 'flag' || !['is', 'is_not'].includes(op))
    : [];
};

/** A line with this field that asks for something sensible. */
export function lineFor(field: string, op?: string): Line {
  const chosen = op ?? offered(field)[0] ?? 'is';
  if (chosen === 'empty' || chosen === 'not_empty') return { field, op: chosen };
  const kind = FIELDS[field] as Kind;
  const value: Partial<Record<Kind, Compare['value']>> = {
    flag: true,
    moment: 'today',
    span: '2d',
    text: '',
    rank: WORDS[field]?.[WORDS[field].length - 2] ?? '',
  };
  const many = chosen === 'in' || chosen === 'not_in';
  return { field, op: chosen, value: many ? [] : (value[kind] ?? '') };
}

/** Whether every line asks for something. */
export function complete(part: Part): boolean {
  if (isBranch(part)) return part.parts.every(complete);
  if (part.op === 'empty' || part.op === 'not_empty') return true;
  if (Array.isArray(part.value)) return part.value.length > 0;
  return part.value === true || part.value === false || Boolean(String(part.value ?? '').trim());
}
