// One signed-in workspace: entity store, stream, outbox, drafts and calls, wired together.

import { QueryClient } from '@tanstack/react-query';
import type { Client } from '@api/client';
import { ApiProblem } from '@api/problem';
import type { Bootstrap, CaseAnswer, CasePage, Message } from '@api/types';
import { ServerClock } from '@sync/clock';
import { Drafts, type LocalDraft } from '@sync/drafts';
import { EntityStore } from '@sync/entities';
import type { Ephemeral, StreamEvent } from '@sync/frames';
import { Outbox, type OutItem } from '@sync/outbox';
import { openShelves } from '@sync/shelf';
import { Stream, type StreamState } from '@sync/stream';
import { Cell } from './cell';
import { entityName, type Entities } from './entities';
import { groupedByCase, offersByAgent } from './groups';
import { Links } from './links';
import { hearPage } from './page';
import { Preferences, saveOf } from './preferences';
import { Presences } from './presences';
import { passing, patience, saveDraft, send, type Sent } from './sending';
import { setupOf, type Setup } from './setup';
import { undosOf } from './undone';

const BUILD = 'workspace-1';
const SCHEMA = 1;

export class Workspace {
  readonly store = new EntityStore<Entities>();
  readonly clock = new ServerClock();
  readonly links = new Links(() => Date.now());
  readonly others = new Presences();
  readonly queries = new QueryClient({
    defaultOptions: {
      queries: { retry: patience, staleTime: 30_000, refetchOnWindowFocus: false },
    },
  });
  readonly setup: Cell<Setup>;
  readonly connection = new Cell<StreamState>('idle');
  readonly online = new Cell(true);
  readonly newBuild = new Cell(false);
  readonly reads = new Cell<Record<string, number>>({});
  readonly changed = new Cell(0);
  /** Rises when everything was forgotten: lists fetch their pages again. */
  readonly resets = new Cell(0);
  readonly byCase = groupedByCase(this.store);
  readonly offers = offersByAgent(this.store);
  readonly stream: Stream;
  readonly outbox: Outbox;
  readonly drafts: Drafts;
  readonly preferences: Preferences;
  readonly undos = undosOf();
  private again: ReturnType<typeof setTimeout> | undefined;
  private counting: ReturnType<typeof setTimeout> | undefined;
  private readonly stops: (() => void)[] = [];

  static async open(client: Client, boot: Bootstrap, signedOut: () => void): Promise<Workspace> {
    const shelves = await openShelves(boot.me.id);
    return new Workspace(client, boot, shelves, signedOut);
  }

  private constructor(
    readonly client: Client,
    boot: Bootstrap,
    shelves: Awaited<ReturnType<typeof openShelves>>,
    private readonly signedOut: () => void,
  ) {
    this.setup = new Cell(setupOf(boot));
    const kept = shelves<OutItem>('outbox');
    this.outbox = new Outbox({
      storage: { all: kept.all, put: (item) => kept.put(item.cid, item), remove: kept.remove },
      send: (item) => send(client, item, (answer) => this.takeSent(answer)),
      missed: (item) => void this.fetchCase(item.lane).catch(() => undefined),
      now: () => Date.now(),
    });
    this.drafts = new Drafts({
      shelf: shelves<LocalDraft>('drafts'),
      save: (draft) => saveDraft(client, draft),
      erase: (id, mode) => client.delete(`/v1/cases/${id}/drafts/${mode}`),
      now: () => Date.now(),
    });
    this.preferences = new Preferences(boot.me.id, boot.settings.person, saveOf(client), passing);
    this.stream = this.makeStream();
    this.take(boot);
    this.stream.start(boot.cursor, boot.grants);
    void this.drafts.load();
    void this.outbox.load().then(() => this.outbox.resume());
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
    clearTimeout(this.counting);
    clearTimeout(this.again);
    for (const stop of this.stops) stop();
  }

  async fetchCase(id: string): Promise<CaseAnswer> {
    const answer = await this.client.get<CaseAnswer>(`/v1/cases/${id}`);
    this.store.put('case', answer.case);
    this.store.putAll('interaction', answer.interactions);
    this.store.putAll('work_item', answer.work_items);
    this.takeMessages(answer.messages);
    for (const draft of answer.drafts ?? []) {
      if (draft.person_id && draft.person_id !== this.me.id) continue;
      const files = (draft.files ?? []).filter((file) => typeof file === 'object');
      this.drafts.adopt(id, draft.mode, draft.text, files, draft.version);
    }
    if (typeof answer.read === 'number') this.noteRead(id, answer.read);
    return answer;
  }

  takePage(page: CasePage & { reads?: Record<string, number> }): void {
    this.store.putAll('case', page.items);
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
    const boot = await this.client.get<Bootstrap>('/v1/bootstrap', { query: { view: 'mine' } });
    this.take(boot);
    this.setup.set(setupOf(boot));
    this.preferences.take(boot.settings.person);
    this.stream.grants = boot.grants;
    return boot.cursor;
  }

  private takeSent(answer: Sent): void {
    if (answer.case) this.store.put('case', answer.case);
    this.takeMessages([answer.message]);
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
      reads: (boot as { reads?: Record<string, number> }).reads,
    });
  }

  private makeStream(): Stream {
    return new Stream(
      {
        ticket: () => this.ticket(),
        open: () =>
          new WebSocket(
            `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/stream`,
          ),
        apply: (events) => this.apply(events),
        reset: (reset) => this.reset(reset.scope),
        time: (now) => this.clock.read(now),
        ephemeral: (frame: Ephemeral) => this.others.hear(frame, this.me.id),
        build: (build) => this.newBuild.set(build !== this.setup.get().build),
        state: (state) => this.connected(state),
      },
      { schema: SCHEMA, build: BUILD },
    );
  }

  private async ticket(): Promise<string | null> {
    try {
      return (await this.client.post<{ ticket: string }>('/v1/stream/ticket')).ticket;
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) return null;
      throw error;
    }
  }

  private connected(state: StreamState): void {
    this.connection.set(state);
    if (state === 'live') {
      this.online.set(true);
      this.outbox.resume();
    }
    if (state === 'ended') this.signedOut();
  }

  private apply(events: readonly StreamEvent[]): void {
    for (const event of events) this.applyOne(event);
    this.changed.set(this.changed.get() + events.length);
    this.countSoon();
  }

  private applyOne(event: StreamEvent): void {
    if (event.cid) void this.outbox.echo(event.cid);
    const name = entityName(event.entity);
    if (!name) {
      if (event.entity) this.configurationChanged();
      return;
    }
    if (!event.id) return;
    if (event.op === 'upsert' && event.data) {
      const data = event.data as Entities[typeof name];
      this.store.put(name, data);
      if (name === 'message' && (data as Message).cid)
        void this.outbox.echo((data as Message).cid ?? '');
    } else if (event.op === 'gone') this.bury(name, event.id, event.v ?? 0);
    else if (event.op === 'touch') this.touched(name, event.id, event.v ?? 0, event.case);
  }

  private bury(name: keyof Entities, id: string, version: number): void {
    this.store.gone(name, id, version);
    if (name !== 'case') return;
    for (const row of this.byCase.message.rows(id)) this.store.gone('message', row.id, row.version);
    for (const row of this.byCase.work_item.rows(id))
      this.store.gone('work_item', row.id, row.version);
  }

  private touched(
    name: keyof Entities,
    id: string,
    version: number,
    caseId: string | undefined,
  ): void {
    const owner = name === 'case' ? id : caseId;
    this.store.touch(name, id, version);
    if (owner && this.store.get('case', owner) && this.byCase.message.ids(owner).length > 0) {
      void this.fetchCase(owner).catch(() => undefined);
    }
  }

  /** Counters of the tabs come from the server, a moment after something has changed. */
  private countSoon(): void {
    this.counting ??= setTimeout(() => {
      this.counting = undefined;
      if (document.visibilityState !== 'visible') return;
      this.client
        .get<Setup['counters']>('/v1/counters')
        .then((counters) => this.setup.set({ ...this.setup.get(), counters }))
        .catch(() => undefined);
    }, 2_000);
  }

  /** Names, queues, skills changed: fetch the frame of the workspace again, once per second at most. */
  private configurationChanged(): void {
    this.again ??= setTimeout(() => {
      this.again = undefined;
      void this.reload().catch(() => undefined);
      void this.queries.invalidateQueries();
    }, 1_000);
  }

  private async reset(scope: string): Promise<string | undefined> {
    if (scope === 'all') this.store.clear();
    const cursor = await this.reload();
    this.resets.set(this.resets.get() + 1);
    await this.queries.invalidateQueries();
    return cursor;
  }
}
