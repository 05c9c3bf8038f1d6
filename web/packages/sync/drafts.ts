// Unsent text: kept on this machine within half a second, on the server within three.

import type { Shelf } from './shelf';

/** Where a draft lies: a note, or an answer by one channel. */
export type DraftMode = 'reply' | 'note' | `reply:${string}`;

export interface LocalDraft {
  key: string;
  case_id: string;
  mode: DraftMode;
  text: string;
  /** The rich form, where there is one. */
  html?: string;
  files: unknown[];
  /** Version of the server's copy this text grew from; 0 = the server has none. */
  version: number;
  /** True while the server does not have this text yet. */
  ahead: boolean;
  at: number;
}

export interface DraftPorts {
  shelf: Shelf<LocalDraft>;
  /** Stores on the server; answers the new version. */
  save(draft: LocalDraft): Promise<{ version: number }>;
  erase(caseId: string, mode: DraftMode): Promise<void>;
  now(): number;
}

const LOCAL_MS = 200;
const SERVER_MS = 2_000;

export const draftKey = (caseId: string, mode: DraftMode): string => `${caseId}:${mode}`;

export class Drafts {
  private kept = new Map<string, LocalDraft>();
  private local = new Map<string, ReturnType<typeof setTimeout>>();
  private remote = new Map<string, ReturnType<typeof setTimeout>>();
  private saving = new Set<string>();

  constructor(private readonly ports: DraftPorts) {}

  async load(): Promise<void> {
    for (const draft of await this.ports.shelf.all()) {
      if (!this.kept.has(draft.key)) this.kept.set(draft.key, draft);
      if (draft.ahead) this.plan(draft.key);
    }
  }

  get(caseId: string, mode: DraftMode): LocalDraft | undefined {
    return this.kept.get(draftKey(caseId, mode));
  }

  /** Takes the server's copy unless the text here has gone further. */
  adopt(
    caseId: string,
    mode: DraftMode,
    text: string,
    files: unknown[],
    version: number,
    html?: string,
  ): void {
    const mine = this.get(caseId, mode);
    if (mine && (mine.ahead || mine.version >= version)) return;
    const draft = { ...this.make(caseId, mode, text, files, version, false), html };
    this.kept.set(draft.key, draft);
    void this.ports.shelf.put(draft.key, draft);
  }

  set(caseId: string, mode: DraftMode, text: string, files: unknown[], html?: string): void {
    const version = this.get(caseId, mode)?.version ?? 0;
    const draft = { ...this.make(caseId, mode, text, files, version, true), html };
    this.kept.set(draft.key, draft);
    if (!this.local.has(draft.key)) {
      this.local.set(
        draft.key,
        setTimeout(() => this.keep(draft.key), LOCAL_MS),
      );
    }
    this.plan(draft.key);
  }

  /** Forgets a draft: it was sent or thrown away. */
  async drop(caseId: string, mode: DraftMode): Promise<void> {
    const key = draftKey(caseId, mode);
    const known = this.kept.get(key);
    this.kept.delete(key);
    for (const timers of [this.local, this.remote]) {
      clearTimeout(timers.get(key));
      timers.delete(key);
    }
    await this.ports.shelf.remove(key);
    if (known && (known.version > 0 || this.saving.has(key))) {
      await this.ports.erase(caseId, mode).catch(() => undefined);
    }
  }

  /** Writes everything that waits, now: the page is being hidden. */
  flush(): void {
    for (const key of [...this.local.keys()]) this.keep(key);
    for (const key of [...this.remote.keys()]) void this.push(key);
  }

  private make(
    caseId: string,
    mode: DraftMode,
    text: string,
    files: unknown[],
    version: number,
    ahead: boolean,
  ): LocalDraft {
    const key = draftKey(caseId, mode);
    return { key, case_id: caseId, mode, text, files, version, ahead, at: this.ports.now() };
  }

  private keep(key: string): void {
    clearTimeout(this.local.get(key));
    this.local.delete(key);
    const draft = this.kept.get(key);
    if (draft) void this.ports.shelf.put(key, draft);
  }

  private plan(key: string): void {
    if (this.remote.has(key)) return;
    this.remote.set(
      key,
      setTimeout(() => void this.push(key), SERVER_MS),
    );
  }

  private async push(key: string): Promise<void> {
    clearTimeout(this.remote.get(key));
    this.remote.delete(key);
    const draft = this.kept.get(key);
    if (!draft?.ahead || this.saving.has(key)) return;
    this.saving.add(key);
    try {
      const answer = await this.ports.save(draft);
      this.settle(key, draft, answer.version);
    } catch {
      // the text is safe on this machine; the next key press or page load tries again
    } finally {
      this.saving.delete(key);
    }
    if (this.kept.get(key)?.ahead && this.kept.get(key) !== draft) this.plan(key);
  }

  private settle(key: string, sent: LocalDraft, version: number): void {
    const present = this.kept.get(key);
    if (!present) return;
    const ahead = present !== sent;
    const draft = { ...present, version, ahead };
    this.kept.set(key, draft);
    void this.ports.shelf.put(key, draft);
  }
}
