// The text of one place of one Case: kept as it is typed, given back when sending is undone.

import { useCallback, useEffect, useState } from 'react';
import type { DraftMode } from '@sync/drafts';
import type { UploadedFile } from '@api/types';
import { useWorkspace } from '@agent/data/hooks';

export interface Words {
  text: string;
  html: string | undefined;
  files: readonly UploadedFile[];
}

export interface DraftState extends Words {
  /** Rises whenever the words came from elsewhere than the keyboard: rich editors begin anew. */
  made: number;
  setText: (text: string, html?: string) => void;
  /** Words from elsewhere: another version, an answer taken back. */
  replace: (text: string, html?: string) => void;
  setFiles: (change: (files: readonly UploadedFile[]) => readonly UploadedFile[]) => void;
  clear: () => void;
  /** What was sent goes; what was typed after it while it was on its way out stays. */
  sent: (was: Words) => void;
}

const alike = (one: Words, other: Words): boolean =>
  one.text === other.text &&
  one.html === other.html &&
  one.files.length === other.files.length &&
  one.files.every((file, at) => file === other.files[at]);

/** What is left of the words now after others were sent: all of them where these were not added to. */
export function unsent(now: Words, was: Words): Words {
  const sent = new Set(was.files.map((file) => file.id));
  const files = now.files.filter((file) => !sent.has(file.id));
  if (now.text === was.text) return { text: '', html: undefined, files };
  const added = now.html === undefined && now.text.startsWith(was.text);
  return { ...now, text: added ? now.text.slice(was.text.length) : now.text, files };
}

export function useDraft(
  caseId: string,
  slot: DraftMode,
  fetchedAt: string | undefined,
): DraftState {
  const { drafts } = useWorkspace();
  const read = useCallback((): Words => {
    const kept = drafts.get(caseId, slot);
    return {
      text: kept?.text ?? '',
      html: kept?.html,
      files: (kept?.files ?? []) as readonly UploadedFile[],
    };
  }, [drafts, caseId, slot]);
  const place = `${caseId} ${slot}`;
  const [held, setHeld] = useState(() => ({ place, words: read(), made: 0 }));
  let state = held;
  if (held.place !== place) {
    // another place: its own words from the first moment on, never those of the one before
    state = { place, words: read(), made: held.made + 1 };
    setHeld(state);
  }
  const put = (words: Words, anew = false): void =>
    setHeld((known) => ({ place, words, made: anew ? known.made + 1 : known.made }));
  useEffect(() => {
    setHeld((known) => {
      const words = read();
      if (alike(known.words, words)) return known;
      const anew = known.words.text !== words.text;
      return { place, words, made: anew ? known.made + 1 : known.made };
    });
  }, [read, fetchedAt, place]);
  const save = (words: Words, anew = false): void => {
    put(words, anew);
    if (words.text === '' && words.files.length === 0) void drafts.drop(caseId, slot);
    else drafts.set(caseId, slot, words.text, [...words.files], words.html);
  };
  const clear = (): void => {
    put({ text: '', html: undefined, files: [] }, true);
    void drafts.drop(caseId, slot);
  };
  return {
    ...state.words,
    made: state.made,
    setText: (text, html) => save({ text, html, files: read().files }),
    replace: (text, html) => save({ text, html, files: read().files }, true),
    setFiles: (change) => save({ ...read(), files: change(read().files) }),
    clear,
    sent: (was) => {
      const left = unsent(read(), was);
      if (left.text === '' && left.files.length === 0) clear();
      else save(left, true);
    },
  };
}
