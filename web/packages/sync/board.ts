// The counters of boards as this screen knows them: a whole picture first, then differences, by topic.

import type { Ephemeral } from './frames';

/** One place: a Queue on a channel, or (without a Queue) the people of a department; zeros are left out. */
export interface BoardCell {
  d: string;
  q?: string | null;
  c?: string;
  now?: Record<string, number>;
  /** Start of the longest wait. */
  since?: number;
  late?: number;
  soon?: number;
  day?: Record<string, number>;
  half?: Record<string, number>;
  /** The last half hour of a department, a number for each 15 seconds. */
  series?: { end: number[]; entered: number[]; started: number[]; abandoned: number[] };
}

export interface Picture {
  cells: readonly BoardCell[];
  /** The server's time of what is shown. */
  at: number;
  /** When it was heard, by this machine's clock. */
  heard: number;
}

interface News {
  n: number;
  at: number;
  cells: BoardCell[];
  part?: number;
  last?: boolean;
}

interface Known {
  cells: Map<string, BoardCell>;
  filling: Map<string, BoardCell> | undefined;
  n: number;
  asked: number;
  picture: Picture | undefined;
}

const ASK_MS = 2_000;

const isNews = (data: unknown): data is News =>
  typeof data === 'object' && data !== null && 'cells' in data && 'n' in data && 'at' in data;

const keyOf = (cell: BoardCell): string =>
  cell.series ? `${cell.d} series` : `${cell.d} ${cell.q ?? ''}:${cell.c ?? ''}`;

export class BoardFeed {
  private readonly topics = new Map<string, Known>();
  private readonly refused = new Set<string>();
  private readonly listeners = new Set<() => void>();

  /** `ask` has the server send the whole picture of a topic again. */
  constructor(
    private readonly ask: (topic: string) => void,
    private readonly local: () => number = () => Date.now(),
  ) {}

  hear(frame: Ephemeral): void {
    if (frame.kind === 'denied') this.refuse(frame.topic);
    if (frame.kind === 'subscribed') this.refused.delete(frame.topic);
    if (!isNews(frame.data)) return;
    const known = this.of(frame.topic);
    if (frame.kind === 'whole') this.whole(known, frame.data);
    else if (frame.kind === 'diff') this.differ(frame.topic, known, frame.data);
  }

  private refuse(topic: string): void {
    this.topics.delete(topic);
    this.refused.add(topic);
    for (const listener of this.listeners) listener();
  }

  private of(topic: string): Known {
    let known = this.topics.get(topic);
    if (!known) {
      known = { cells: new Map(), filling: undefined, n: 0, asked: 0, picture: undefined };
      this.topics.set(topic, known);
    }
    return known;
  }

  private whole(known: Known, news: News): void {
    if (news.part === 0) known.filling = new Map();
    if (!known.filling) return;
    for (const cell of news.cells) known.filling.set(keyOf(cell), cell);
    known.n = news.n;
    if (!news.last) return;
    known.cells = known.filling;
    known.filling = undefined;
    this.show(known, news.at);
  }

  private differ(topic: string, known: Known, news: News): void {
    const next = known.n === 0 ? undefined : known.n + 1;
    if (known.picture && news.n <= known.n) return; // an older one, behind a whole picture
    if (news.n !== next) {
      known.n = 0;
      const now = this.local();
      if (now - known.asked > ASK_MS) {
        known.asked = now;
        this.ask(topic);
      }
      return;
    }
    known.n = news.n;
    for (const cell of news.cells) (known.filling ?? known.cells).set(keyOf(cell), cell);
    if (!known.filling) this.show(known, news.at);
  }

  private show(known: Known, at: number): void {
    known.picture = { cells: [...known.cells.values()], at, heard: this.local() };
    for (const listener of this.listeners) listener();
  }

  picture = (topic: string): Picture | undefined => this.topics.get(topic)?.picture;

  denied = (topic: string): boolean => this.refused.has(topic);

  /** What nobody looks at any more is old when somebody does again. */
  forget(topic: string): void {
    this.topics.delete(topic);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };
}
