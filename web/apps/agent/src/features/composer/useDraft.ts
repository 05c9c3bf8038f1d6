// The text of one mode of one Case: kept as it is typed, given back when sending is undone.

import { useCallback, useEffect, useState } from 'react';
import type { DraftMode } from '@sync/drafts';
import type { UploadedFile } from '@api/types';
import { useWorkspace } from '@agent/data/hooks';

export interface DraftState {
  text: string;
  files: readonly UploadedFile[];
  setText: (text: string) => void;
  setFiles: (change: (files: readonly UploadedFile[]) => readonly UploadedFile[]) => void;
  clear: () => void;
}

export function useDraft(
  caseId: string,
  mode: DraftMode,
  fetchedAt: string | undefined,
): DraftState {
  const { drafts } = useWorkspace();
  const read = useCallback(() => {
    const kept = drafts.get(caseId, mode);
    return { text: kept?.text ?? '', files: (kept?.files ?? []) as readonly UploadedFile[] };
  }, [drafts, caseId, mode]);
  const [state, setState] = useState(read);
  useEffect(() => setState(read()), [read, fetchedAt]);
  const save = (text: string, files: readonly UploadedFile[]): void => {
    setState({ text, files });
    if (text === '' && files.length === 0) void drafts.drop(caseId, mode);
    else drafts.set(caseId, mode, text, [...files]);
  };
  return {
    text: state.text,
    files: state.files,
    setText: (text) => save(text, read().files),
    setFiles: (change) => save(read().text, change(read().files)),
    clear: () => {
      setState({ text: '', files: [] });
      void drafts.drop(caseId, mode);
    },
  };
}
