// Words another part of the Case puts into the answer somebody is writing, where the caret is.

export const INSERTED = 'polyphony:insert';

/** True when a composer took them. */
export const insert = (text: string): boolean =>
  !window.dispatchEvent(new CustomEvent<string>(INSERTED, { detail: text, cancelable: true }));
