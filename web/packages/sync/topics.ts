// The ephemeral topics of all tabs: counted, told to the server as differences, a few times a second.

import type { ClientFrame } from './frames';

type Said = Extract<ClientFrame, { t: 'eph' }>;

export interface TopicPorts {
  leading(): boolean;
  /** We hold the line and it is open. */
  live(): boolean;
  /** By our own line. */
  send(frame: ClientFrame): void;
  /** By whoever leads. */
  say(frame: Said): void;
  /** To the tab that leads. */
  tell(topics: string[]): void;
}

/** The server's limit for one line; the topics joined last count. */
const MOST = 100;
const PART = 50;
const PAUSE_MS = 200;
const CENSUS_MS = 60_000;
const ANSWER_MS = 5_000;

export class Topics {
  private readonly joined = new Map<string, number>();
  private readonly tabs = new Map<string, { topics: readonly string[]; at: number }>();
  private told = new Set<string>();
  private planned = false;
  /** Said before the line was open, the newest of each kind. */
  private readonly unsaid = new Map<string, Said>();
  private pausing: ReturnType<typeof setTimeout> | undefined;
  private counting: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly ports: TopicPorts) {}

  join(topic: string): () => void {
    const count = this.joined.get(topic) ?? 0;
    this.joined.delete(topic); // what is joined last stands last
    this.joined.set(topic, count + 1);
    this.plan();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const now = (this.joined.get(topic) ?? 1) - 1;
      if (now > 0) this.joined.set(topic, now);
      else this.joined.delete(topic);
      this.plan();
    };
  }

  /** What the line should hold: ours and, while we lead, those of the other tabs. */
  private wanted(): string[] {
    const others = [...this.tabs.values()].flatMap((tab) => tab.topics);
    return [...new Set([...others, ...this.joined.keys()])].slice(-MOST);
  }

  /** For the hello of a new line. */
  greeting(): string[] {
    const topics = this.wanted();
    this.told = new Set(topics);
    return topics;
  }

  /** A new line is open; `known`: its hello carried the topics. */
  opened(known: boolean): void {
    if (!known) this.told.clear();
    const wanted = this.wanted();
    if (wanted.length !== this.told.size || wanted.some((topic) => !this.told.has(topic)))
      this.plan();
  }

  ofTab(tab: string, topics: readonly string[]): void {
    if (topics.length > 0) this.tabs.set(tab, { topics, at: Date.now() });
    else this.tabs.delete(tab);
    this.plan();
  }

  /** Now and then the leader asks who is still there: a tab that was killed said no goodbye. */
  census(ask: () => void): void {
    clearInterval(this.counting);
    this.tabs.clear();
    ask();
    this.counting = setInterval(() => {
      const asked = Date.now();
      ask();
      setTimeout(() => {
        for (const [tab, { at }] of this.tabs) if (at < asked) this.ofTab(tab, []);
      }, ANSWER_MS);
    }, CENSUS_MS);
  }

  /** At once for the first change, then gathered. */
  plan(): void {
    if (this.planned) return;
    this.planned = true;
    if (this.pausing === undefined) queueMicrotask(() => this.now());
  }

  /** Says something, after the server has heard that we hold the topic: else it would be lost. */
  say(frame: Said, live: boolean): void {
    const key = `${frame.topic} ${frame.kind}`;
    if (!live) {
      this.unsaid.set(key, frame);
      return;
    }
    this.unsaid.delete(key);
    this.now();
    this.ports.say(frame);
  }

  /** The line is open: what was said before leaves now, if its topic is still held. */
  sayLate(): void {
    for (const frame of this.unsaid.values())
      if (this.joined.has(frame.topic)) this.say(frame, true);
    this.unsaid.clear();
  }

  /** What another tab says, by our line. */
  pass(frame: ClientFrame): void {
    this.now();
    this.ports.send(frame);
  }

  private now(): void {
    if (this.planned) this.flush();
  }

  stop(): void {
    clearInterval(this.counting);
    clearTimeout(this.pausing);
    this.pausing = undefined;
    this.planned = false;
    this.tabs.clear();
  }

  private flush(): void {
    this.planned = false;
    clearTimeout(this.pausing);
    this.pausing = setTimeout(() => {
      this.pausing = undefined;
      this.now();
    }, PAUSE_MS);
    if (!this.ports.leading()) this.ports.tell([...this.joined.keys()].slice(-MOST));
    else if (this.ports.live()) this.sendChanges();
  }

  private sendChanges(): void {
    const wanted = new Set(this.wanted());
    const gone = [...this.told].filter((topic) => !wanted.has(topic));
    const come = [...wanted].filter((topic) => !this.told.has(topic));
    for (let at = 0; at < gone.length; at += PART)
      this.ports.send({ t: 'unsub', topics: gone.slice(at, at + PART) });
    for (let at = 0; at < come.length; at += PART)
      this.ports.send({ t: 'sub', topics: come.slice(at, at + PART) });
    this.told = wanted;
  }
}
