// A draft of something on a set-up page: survives leaving the page, guards closing the window, undoes.

import { useCallback, useEffect, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { toasts } from '@ui/Toasts';

const drafts = new Map<string, unknown>();
const listeners = new Set<() => void>();

const tell = (): void => {
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

export interface Draft<T> {
  value: T;
  dirty: boolean;
  set: (value: T) => void;
  /** Back to what is kept on the server. */
  drop: () => void;
  /** Offers to take the next change back. */
  remember: (said: string) => void;
}

/** The draft of ``name``, or what is kept while nobody has changed anything. */
export function useDraft<T>(name: string, kept: T, same: (a: T, b: T) => boolean): Draft<T> {
  const { t } = useTranslation();
  const found = useSyncExternalStore(subscribe, () => drafts.get(name)) as T | undefined;
  const dirty = found !== undefined && !same(found, kept);
  const value = dirty ? found : kept;
  useEffect(() => {
    if (!dirty) return;
    const guard = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', guard);
    return () => window.removeEventListener('beforeunload', guard);
  }, [dirty]);
  const set = useCallback(
    (next: T): void => {
      drafts.set(name, next);
      tell();
    },
    [name],
  );
  const drop = useCallback((): void => {
    drafts.delete(name);
    tell();
  }, [name]);
  const remember = (said: string): void => {
    const before = value;
    toasts.show({ text: said, action: { label: t('admin.undo'), run: () => set(before) } });
  };
  return { value, dirty, set, drop, remember };
}
