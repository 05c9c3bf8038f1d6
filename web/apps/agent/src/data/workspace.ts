// One signed-in workspace: entity store, stream, outbox, drafts and calls, wired together.

import { QueryClient } from '@tanstack/react-query';
import type { Client } from '@api/client';
import type { Bootstrap, CaseAnswer, CasePage, Message } from '@api/types';
import { BoardFeed } from '@sync/board';
import { ServerClock } from '@sync/clock';
import type { Drafts } from '@sync/drafts';
import { EntityStore } from '@sync/entities';
import type { Reset } from '@sync/frames';
import type { Outbox } from '@sync/outbox';
import { openShelves, type Shelves } from '@sync/shelf';
import type { Stream, StreamState } from '@sync/stream';
import { tabsOf } from '@sync/tabs';
import { Applying } from './applying';
import { Cell } from './cell';
import type { Entities } from './entities';
import { groupedByCase, offersByAgent } from './groups';
import { Links } from './links';
import { watchLine } from './lost';
import { Keeping } from './keeping';
import { BOOT, noteLast, offlineOf, type Offline } from './offline';
import { readAnew } from './anew';
import { hearPage } from './page';
import { Preferences, saveOf } from './preferences';
import { Presences } from './presences';
import { passing, patience, type Sent } from './sending';
import { setupOf, type Setup } from './setup';
import { undosOf } from './undone';
import { makeDrafts, makeOutbox, makeStream, recognise } from './wiring';

export class Workspace {
  readonly store = new EntityStore<Entities>();
  readonly clock = new ServerClock();
  readonly links = new Links(() => Date.now());
  readonly others = new Presences((id) => this.nameOf(id));
  readonly boards = new BoardFeed((topic) => this.stream.say(topic, 'whole'));
  readonly queries = new QueryClient({
    defaultOptions: {
      // without a line, too: then the answer is one that was kept
      queries: {
        retry: patience,
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  readonly setup: Cell<Setup>;
  readonly connection = new Cell<StreamState>('idle');
  readonly online = new Cell(true);
  /** Nothing was heard for three seconds: what is shown may be old. */
  readonly stale = new Cell(false);
  /** Since when the line is lost, once that is to be said, and how many messages wait. */
  readonly offline = new Cell<{ since: number | undefined; waiting: number }>({
    since: undefined,
    waiting: 0,
  });
  /** This tab holds the line and sends for all tabs of this browser. */
  readonly leader = new Cell(false);
  readonly newBuild = new Cell(false);
  readonly reads = new Cell<Record<string, number>>({});
  readonly changed = new Cell(0);
  /** Rises when everything was forgotten: lists fetch their pages again. */
  readonly resets = new Cell(0);
  /** Pages of lists on their way. */
  readonly reading = new Set<Promise<void>>();
  readonly byCase = groupedByCase(this.store);
  readonly offers = offersByAgent(this.store);
  readonly stream: Stream;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly preferences: Preferences;
  readonly undos = undosOf();
  readonly applying: Applying;
  private readonly keeping: Keeping | undefined;
  private readonly stops: (() => void)[] = [];

  /** `cached`: the bootstrap was kept on this machine; nobody has been asked yet. */
  static async open(
    client: Client,
    boot: Bootstrap,
    signedOut: () => void,
    cached = false,
  ): Promise<Workspace> {
    const keeps = offlineOf(boot);
    const shelves = await openShelves(boot.me.id, keeps !== 'off');
    return new Workspace(client, boot, { shelves, keeps, cached }, signedOut);
  }

  private constructor(
    readonly client: Client,
    boot: Bootstrap,
    from: { shelves: Shelves; keeps: Offline; cached: boolean },
    private readonly signedOut: () => void,
  ) {
    const tabs = tabsOf(boot.me.id);
    this.setup = new Cell(setupOf(boot));
    this.preferences = new Preferences(boot.me.id, boot.settings.person, saveOf(client), passing);
    this.applying = new Applying(this);
    this.outbox = makeOutbox(this, from.shelves, tabs);
    this.drafts = makeDrafts(client, from.shelves);
    this.stream = makeStream(this, (state) => this.connected(state), tabs);
    noteLast(from.keeps === 'full' ? boot.me.id : undefined);
    if (from.keeps === 'full') {
      this.keeping = new Keeping(this, from.shelves('answers'));
      client.answers = this.keeping.answers;
      if (!from.cached) void client.answers.keep(BOOT, boot);
    }
    this.take(boot);
    if (from.cached) void this.keeping?.restore();
    this.stops.push(watchLine(this));
    // a cached beginning has no place in the log: the stream fetches everything first
    this.stream.start(from.cached ? '' : boot.cursor, boot.grants);
    void this.drafts.load();
    void this.outbox.load().then(() => {
      if (!from.cached || this.connection.get() === 'live') this.outbox.resume();
    });
    this.stops.push(hearPage(this));
  }

  get me(): Setup['me'] {
    return this.setup.get().me;
  }

  /** Leaves the workspace; what waits in the outbox stays on this machine. */
  close(): void {
    this.outbox.pause();
    this.drafts.flush();
    this.preferences.close();
    this.stream.stop();
    this.applying.stop();
    this.keeping?.close();
    this.client.answers = undefined;
    for (const stop of this.stops) stop();
  }

  async fetchCase(id: string): Promise<CaseAnswer> {
    const answer = await this.client.get<CaseAnswer>(`/v1/cases/${id}`);
    this.store.put('case', answer.case);
    this.store.putAll('interaction', answer.interactions);
    this.store.putAll('work_item', answer.work_items);
    this.store.putAll('case_step', answer.steps);
    this.takeMessages(answer.messages);
    this.store.putAll('draft', answer.drafts);
    for (const draft of answer.drafts ?? []) {
      if (draft.person_id && draft.person_id !== this.me.id) continue;
      const files = (draft.files ?? []).filter((file) => typeof file === 'object');
      const slot = draft.channel ? (`reply:${draft.channel}` as const) : draft.mode;
      this.drafts.adopt(id, slot, draft.text, files, draft.version, draft.html ?? undefined);
    }
    if (typeof answer.read === 'number') this.noteRead(id, answer.read);
    return answer;
  }

  takePage(page: CasePage & { reads?: Record<string, number> }): void {
    this.store.putAll('case', page.items);
    this.store.putAll('draft', page.drafts);
    this.store.putAll('work_item', page.work_items);
    if (page.reads) this.reads.set({ ...this.reads.get(), ...page.reads });
  }

  takeMessages(messages: readonly Message[] | undefined): void {
    this.store.putAll('message', messages);
    this.links.take(messages);
    for (const message of messages ?? []) if (message.cid) void this.outbox.echo(message.cid);
  }

  /** A signed address that is still good, fetched anew when it is missing or old. */
  async link(message: Message, kind: 'mail' | 'file', id: string): Promise<string> {
    const known = this.links.get(kind, id);
    if (known) return known;
    const page = await this.client.get<{ items?: Message[]; messages?: Message[] }>(
      `/v1/cases/${message.case_id}/items`,
      { query: { before: message.position + 1, limit: 1 } },
    );
    this.takeMessages(page.items ?? page.messages);
    return (
      this.links.get(kind, id) ?? (kind === 'mail' ? `/content/mail/${id}` : `/content/files/${id}`)
    );
  }

  async markRead(id: string, position: number): Promise<void> {
    if ((this.reads.get()[id] ?? 0) >= position) return;
    this.noteRead(id, position);
    await this.client.put(`/v1/cases/${id}/read`, { body: { position } }).catch(() => undefined);
  }

  async reload(): Promise<string> {
    return this.adopt(await this.fetchBoot());
  }

  /** Fetches again what a reset names; the place in the log to go on from. */
  async reset(reset: Reset): Promise<string | undefined> {
    if (reset.scope === 'view') {
      this.resets.set(this.resets.get() + 1);
      return undefined;
    }
    const boot = await this.fetchBoot();
    const rest = this.applying.drop(reset);
    this.adopt(boot);
    const asked = this.askAgain();
    if (rest) void readAnew(asked, this.reading).then(rest);
    return boot.cursor;
  }

  private async fetchBoot(): Promise<Bootstrap> {
    await recognise(this.client); // after a start without a line
    const boot = await this.client.get<Bootstrap>('/v1/bootstrap', {
      query: { view: 'mine' },
      fresh: true,
    });
    if (boot.me.id === this.me.id) {
      if (this.keeping) void this.keeping.answers.keep(BOOT, boot).catch(() => undefined);
      return boot;
    }
    this.signedOut(); // somebody else has signed in here meanwhile
    throw new Error('another person');
  }

  private adopt(boot: Bootstrap): string {
    this.take(boot);
    this.setup.set(setupOf(boot));
    this.preferences.take(boot.settings.person);
    this.stream.grants = boot.grants;
    return boot.cursor;
  }

  /** Counters of the tabs, of the server. */
  async count(): Promise<void> {
    if (document.visibilityState !== 'visible') return;
    const counters = await this.client
      .get<Setup['counters']>('/v1/counters')
      .catch(() => undefined);
    if (counters) this.setup.set({ ...this.setup.get(), counters });
  }

  takeSent(answer: Sent): void {
    if (answer.case) this.store.put('case', answer.case);
    this.takeMessages([answer.message]);
  }

  /** Cuts this screen off, as if the network were gone, for so many milliseconds (the demo shows it). */
  dropFor(ms: number): void {
    this.client.cutUntil = Date.now() + ms;
    this.online.set(false);
    this.stream.dropFor(ms);
    setTimeout(() => {
      this.online.set(true);
      this.stream.wake();
    }, ms);
  }

  private nameOf(id: string): string {
    return this.setup.get().colleagues.find((one) => one.id === id)?.name ?? '';
  }

  private noteRead(id: string, position: number): void {
    const known = this.reads.get();
    if ((known[id] ?? 0) < position) this.reads.set({ ...known, [id]: position });
  }

  private take(boot: Bootstrap): void {
    this.clock.read(boot.now);
    if (boot.presence) this.store.put('presence', boot.presence);
    if (boot.load) this.store.put('load', boot.load);
    this.store.putAll('account', boot.accounts);
    this.store.putAll('offer', boot.offers);
    this.takePage({
      ...boot.list,
      work_items: boot.work_items,
      drafts: boot.drafts,
      reads: (boot as { reads?: Record<string, number> }).reads,
    });
  }

  private connected(state: StreamState): void {
    this.connection.set(state);
    if (state === 'live') {
      this.online.set(true);
      this.outbox.resume();
      if (this.keeping?.answers.used) void this.askAgain();
    }
    if (state === 'ended') this.signedOut();
  }

  /** Lists and whatever else is shown are fetched again. */
  private askAgain(): Promise<void> {
    if (this.keeping) this.keeping.answers.used = false;
    this.resets.set(this.resets.get() + 1);
    return this.queries.invalidateQueries();
  }
}
