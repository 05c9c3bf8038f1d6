// Opening without a line: who was here last, what he was shown first, and what he had open.

import type { Bootstrap } from '@api/types';
import type { Kept } from '@sync/answers';
import { forgetShelves, openShelves } from '@sync/shelf';

const KEY = 'polyphony-person';
export const BOOT = '/v1/bootstrap?view=mine';

/** What this machine may keep of what is read: nothing, what is written here, or all that was read. */
export type Offline = 'off' | 'outbox_only' | 'full';

export const offlineOf = (boot: Bootstrap): Offline =>
  (boot.settings as { offline?: Offline }).offline ?? 'outbox_only';

/** Notes whose answers are kept here; undefined when none may be. */
export function noteLast(person: string | undefined): void {
  try {
    if (person) localStorage.setItem(KEY, person);
    else localStorage.removeItem(KEY);
  } catch {
    // storage is forbidden here: then nothing opens without a line
  }
}

/** The beginning that was kept for the person who was here last. */
export async function keptBoot(): Promise<Bootstrap | undefined> {
  try {
    const person = localStorage.getItem(KEY);
    if (!person) return undefined;
    const shelves = await openShelves(person);
    const kept = await shelves<Kept>('answers').get(BOOT);
    return kept?.body as Bootstrap | undefined;
  } catch {
    return undefined;
  }
}

/** Signed out: nothing of this person stays on this machine. */
export async function forgetPerson(person: string): Promise<void> {
  noteLast(undefined);
  await forgetShelves(person);
}

/** An answer about one Case, by its address. */
export const caseOf = (address: string): string | undefined =>
  /^\/v1\/cases\/([0-9a-f-]{36})$/.exec(address)?.[1];
