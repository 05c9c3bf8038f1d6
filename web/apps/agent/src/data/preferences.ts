// The person's settings on this screen: changed at once, saved a moment later, told to other tabs.

import type { Client } from '@api/client';
import type { PersonSettings, SettingsChange } from '@api/settings';
import { Cell } from './cell';

const SAVE_MS = 400;
const AGAIN_MS = 15_000;
const CHANNEL = 'polyphony-settings';

type Save = (change: SettingsChange) => Promise<PersonSettings>;

/** What two changes, one after the other, come to. */
export function joined(first: SettingsChange, second: SettingsChange): SettingsChange {
  const told: SettingsChange = { ...first, ...second };
  if (first.keys && second.keys) told.keys = { ...first.keys, ...second.keys };
  if (first.panels && second.panels) told.panels = { ...first.panels, ...second.panels };
  if (first.notify && second.notify) {
    told.notify = { ...first.notify };
    for (const [kind, ways] of Object.entries(second.notify) as [keyof typeof told.notify, {}][])
      told.notify[kind] = { ...told.notify[kind], ...ways };
  }
  return told;
}

const without = <T>(entries: Record<string, T | null>): Record<string, T> =>
  Object.fromEntries(
    Object.entries(entries).filter((pair): pair is [string, T] => pair[1] !== null),
  );

/** Settings with a change in force, before the server has heard of it. */
export function changed(now: PersonSettings, change: SettingsChange): PersonSettings {
  const { keys, panels, notify, ...plain } = change;
  const told: PersonSettings = { ...now, ...plain };
  if (keys) told.keys = without({ ...now.keys, ...keys });
  if (panels) told.panels = without({ ...now.panels, ...panels });
  for (const [kind, ways] of Object.entries(notify ?? {}) as [keyof PersonSettings['notify'], {}][])
    told.notify = { ...told.notify, [kind]: { ...told.notify[kind], ...ways } };
  return told;
}

export class Preferences {
  readonly now: Cell<PersonSettings>;
  /** A change the server refused; the screen says so. */
  readonly refused = new Cell<unknown>(undefined);
  private waiting: SettingsChange | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly tabs =
    typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(CHANNEL);

  constructor(
    private readonly person: string,
    first: PersonSettings,
    private readonly save: Save,
    private readonly passing: (error: unknown) => boolean,
  ) {
    this.now = new Cell(first);
    this.tabs?.addEventListener('message', this.hear);
  }

  change = (change: SettingsChange): void => {
    this.now.set(changed(this.now.get(), change));
    this.waiting = this.waiting ? joined(this.waiting, change) : change;
    this.later(SAVE_MS);
  };

  /** What the server told; a change that still waits stays in force. */
  take(told: PersonSettings): void {
    this.now.set(this.waiting ? changed(told, this.waiting) : told);
  }

  /** Saves now what waits; for the end of the page. */
  flush = async (): Promise<void> => {
    clearTimeout(this.timer);
    const change = this.waiting;
    if (!change) return;
    this.waiting = undefined;
    try {
      const told = await this.save(change);
      this.take(told);
      this.tabs?.postMessage({ person: this.person, told });
    } catch (error) {
      if (this.passing(error)) {
        this.waiting = this.waiting ? joined(change, this.waiting) : change;
        this.later(AGAIN_MS);
      } else this.refused.set(error);
    }
  };

  close(): void {
    void this.flush();
    this.tabs?.removeEventListener('message', this.hear);
    this.tabs?.close();
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private hear = (event: MessageEvent<{ person: string; told: PersonSettings }>): void => {
    if (event.data.person === this.person) this.take(event.data.told);
  };
}

export const saveOf =
  (client: Client): Save =>
  (change) =>
    client.patch<PersonSettings>('/v1/me/settings', { body: change });
