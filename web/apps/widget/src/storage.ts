// First-party storage of the page; when it is blocked or full, memory does until the page closes.

const memory = new Map<string, string>();
let prefix = 'polyphony:';

/** Keeps two widgets of one page apart. */
export function scopeStorage(key: string): void {
  prefix = `polyphony:${key}:`;
}

export function recall(name: string): string | null {
  const key = prefix + name;
  try {
    return localStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

export function remember(name: string, value: string | null): void {
  const key = prefix + name;
  if (value === null) memory.delete(key);
  else memory.set(key, value);
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // blocked or full: memory holds it
  }
}

/** Where the unsent words of a Case are kept; those of none begin another matter. */
export const draftOf = (of: string): string => (of ? `draft:${of}` : 'draft');

/** Takes unsent words along to where the visitor goes, unless something is begun there already. */
export function moveDraft(from: string, to: string): void {
  const early = recall(draftOf(from));
  if (!early || recall(draftOf(to))) return;
  remember(draftOf(to), early);
  remember(draftOf(from), null);
}

/** Tells when another tab of the same page changed something of ours. */
export function onOtherTab(name: string, changed: () => void): () => void {
  const heard = (event: StorageEvent) => {
    if (event.key === prefix + name) changed();
  };
  addEventListener('storage', heard);
  return () => removeEventListener('storage', heard);
}
