// What a screen reader is told: urgent things at once, others at most every two seconds, then summed up.

import i18next from 'i18next';
import { Cell } from '@agent/data/cell';

const PAUSE_MS = 2_000;

export const polite = new Cell('');
export const assertive = new Cell('');

let waiting: string[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

function speak(): void {
  const said = waiting;
  waiting = [];
  if (said.length === 0) {
    timer = undefined;
    return;
  }
  const [only = ''] = said;
  polite.set(
    said.length === 1
      ? only
      : i18next.t('announce.many', { count: said.length, last: said.at(-1) }),
  );
  timer = setTimeout(speak, PAUSE_MS);
}

/** New lines in the open Case and the like. */
export function announce(text: string): void {
  waiting.push(text);
  if (timer === undefined) speak();
}

/** Something that asks this person now, such as an Offer. */
export function announceNow(text: string): void {
  // The same words twice would be silent: a region speaks when its text changes.
  assertive.set(assertive.get() === text ? `${text}\u00a0` : text);
}
