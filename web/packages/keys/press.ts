// What one key press says, on Latin and other layouts; nothing when it makes a letter of its own.

import type { Step } from './combo';

export interface Press {
  key: string;
  code: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  defaultPrevented: boolean;
  repeat?: boolean;
  target: EventTarget | null;
  getModifierState?: (name: string) => boolean;
  composedPath?: () => EventTarget[];
}

const EDITABLE =
  'textarea, select, [contenteditable=""], [contenteditable="true"], [contenteditable="plaintext-only"], [role="textbox"]';
const TYPED_INTO =
  'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"], [type="reset"], [type="file"], [type="color"], [type="range"], [type="image"])';
/** Elements that know what to do with Enter and the arrows themselves. */
const OWN_KEYS =
  'button, a[href], input, summary, video, audio, iframe, [role="button"], [role="link"], [role="menu"], [role="listbox"], [role="radiogroup"], [role="tablist"], [role="slider"], [role="separator"][tabindex], [role="tree"], [role="region"][tabindex="0"]';

const elementOf = (press: Press): Element | undefined => {
  const target = press.composedPath?.()[0] ?? press.target;
  return target instanceof Element ? target : undefined;
};

export const inField = (press: Press): boolean =>
  elementOf(press)?.closest(`${EDITABLE}, ${TYPED_INTO}`) != null;

/** Enter, arrows: the element under the focus answers to them itself. */
export const ownsKeys = (press: Press): boolean => elementOf(press)?.closest(OWN_KEYS) != null;

/** Ctrl+Alt is AltGr on Windows, AltGraph is AltGr elsewhere, Alt makes letters on a Mac. */
const makesLetters = (press: Press): boolean =>
  press.altKey || press.getModifierState?.('AltGraph') === true;

export const isModifier = (press: Press): boolean =>
  /^(Shift|Control|Alt|AltGraph|Meta|CapsLock|Fn|OS|NumLock|ScrollLock)$/.test(press.key);

/** Pressed for a text, not for a command: composition, dead key, AltGr, or somebody has answered. */
export const isWriting = (press: Press): boolean =>
  press.defaultPrevented ||
  press.isComposing ||
  press.key === 'Dead' ||
  press.key === 'Process' ||
  press.key === 'Unidentified' ||
  makesLetters(press);

const apple = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Letters of other scripts stand for the key they lie on; Latin ones, with marks too, for themselves. */
const foreign = (key: string): boolean => /[^\u0000-\u024f\u1e00-\u1eff]/.test(key);

/**
 * What a press may mean, the likeliest first. Digits go by place, because a Czech row types ě š č;
 * a sign typed on a digit key (Russian ? on 7) means the sign.
 */
export function meanings(press: Press): Step[] {
  const mod = apple() ? press.metaKey : press.ctrlKey;
  if (apple() ? press.ctrlKey : press.metaKey) return [];
  const step = (name: string, shift = press.shiftKey): Step => ({ mod, shift, alt: false, name });
  const { key, code } = press;
  if (key.length > 1) return [step(key)];
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  const sign = /[^\p{L}\p{N}\s]/u.test(key) ? [step(key, false)] : [];
  if (digit !== undefined) return [step(digit), ...sign];
  if (sign.length > 0) return sign;
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  if (foreign(key)) return place ? [step(place.toLowerCase())] : [];
  return [step(key.toLowerCase())];
}
