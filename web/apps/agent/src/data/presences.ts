// Who else looks at a Case or types in it: fleeting, forgotten after six seconds of silence.

import type { Ephemeral } from '@sync/frames';

export interface Other {
  id: string;
  name: string;
  kind: string;
  mode?: string;
  until: number;
}

const LIFE_MS = 6_500;
const NONE: readonly Other[] = [];

export class Presences {
  private topics = new Map<string, readonly Other[]>();
  private listeners = new Set<() => void>();

  constructor(private readonly nameOf: (person: string) => string = () => '') {}

  hear(frame: Ephemeral, me: string): void {
    const from = frame.from ?? '';
    if (from === 'server' || frame.kind === 'denied') return;
    const id = from.startsWith('person:') ? from.slice('person:'.length) : 'customer';
    if (id === me) return;
    const data = (frame.data ?? {}) as { mode?: string; typing?: boolean };
    const rest = this.get(frame.topic).filter(
      (other) => other.id !== id || other.kind !== frame.kind,
    );
    const other: Other = {
      id,
      name: id === 'customer' ? '' : this.nameOf(id),
      kind: frame.kind,
      mode: data.mode,
      until: Date.now() + LIFE_MS,
    };
    this.set(frame.topic, data.typing === false ? rest : [...rest, other]);
    setTimeout(() => this.sweep(frame.topic), LIFE_MS + 50);
  }

  get(topic: string): readonly Other[] {
    return this.topics.get(topic) ?? NONE;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  private sweep(topic: string): void {
    const now = Date.now();
    const known = this.get(topic);
    const left = known.filter((other) => other.until > now);
    if (left.length !== known.length) this.set(topic, left);
  }

  private set(topic: string, others: readonly Other[]): void {
    if (others.length === 0) this.topics.delete(topic);
    else this.topics.set(topic, others);
    for (const listener of this.listeners) listener();
  }
}
