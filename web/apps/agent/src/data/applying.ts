// What events of the stream do to the workspace: rows change, leave, are fetched, or the frame is.

import type { Message, WorkItem } from '@api/types';
import type { Reset, StreamEvent } from '@sync/frames';
import { entityName, type Entities, type EntityName } from './entities';
import type { Workspace } from './workspace';

const FETCH_MS = 1_000;
const COUNT_MS = 500;
const COUNT_PAUSE_MS = 2_000;

export class Applying {
  private fetched = new Map<string, ReturnType<typeof setTimeout>>();
  private again: ReturnType<typeof setTimeout> | undefined;
  private counting: ReturnType<typeof setTimeout> | undefined;
  private counted = 0;

  constructor(private readonly workspace: Workspace) {
    workspace.store.onStale = (type, id) => this.stale(type, id);
  }

  stop(): void {
    clearTimeout(this.again);
    clearTimeout(this.counting);
    for (const timer of this.fetched.values()) clearTimeout(timer);
  }

  events(events: readonly StreamEvent[]): void {
    const { changed } = this.workspace;
    for (const event of events) this.one(event);
    changed.set(changed.get() + events.length);
    this.countSoon();
  }

  /** Lets go of what a reset names, before it is fetched again; what is everywhere leaves when the answer is called. */
  drop(reset: Reset): (() => void) | undefined {
    const { store } = this.workspace;
    const [kind, id] = reset.scope.split(':');
    if (kind === 'all') return store.renew();
    if (kind === 'dept' || kind === 'queue') this.dropPlace(kind, id);
    return undefined;
  }

  private dropPlace(kind: 'dept' | 'queue', id: string | undefined): void {
    const { store } = this.workspace;
    const queues = new Set(
      store.all('work_item').flatMap((row) => (row.queue_id === id ? [row.case_id] : [])),
    );
    for (const row of store.all('case')) {
      const inside = kind === 'dept' ? row.department_id === id : queues.has(row.id);
      if (!inside) continue;
      for (const type of ['message', 'work_item', 'interaction', 'case_step'] as const)
        for (const one of this.workspace.byCase[type].rows(row.id)) store.forget(type, one.id);
      store.forget('case', row.id);
    }
  }

  private one(event: StreamEvent): void {
    if (event.cid) void this.workspace.outbox.echo(event.cid);
    const name = entityName(event.entity);
    if (name && event.id) this.known(name, event.id, event);
    else if (event.entity && event.op !== 'fact') this.other(event);
  }

  private known(name: EntityName, id: string, event: StreamEvent): void {
    const { store, outbox } = this.workspace;
    if (event.op === 'upsert' && event.data) {
      store.put(name, event.data as Entities[typeof name]);
      if (name === 'message') void outbox.echo((event.data as Message).cid ?? '');
      if (name === 'work_item') this.mine(event.data as WorkItem);
    } else if (event.op === 'gone') this.bury(name, id, event.v ?? 0);
    else if (event.op === 'touch') this.touched(name, id, event);
  }

  /** Work given to me of a Case this screen has let go of, or never had. */
  private mine(work: WorkItem): void {
    const { store, me } = this.workspace;
    if (work.agent_id === me.id && !store.get('case', work.case_id)) this.fetch(work.case_id);
  }

  private bury(name: EntityName, id: string, version: number): void {
    const { store, byCase, queries } = this.workspace;
    store.gone(name, id, version);
    if (name !== 'case') return;
    for (const type of ['message', 'work_item', 'interaction', 'case_step'] as const)
      for (const row of byCase[type].rows(id)) store.gone(type, row.id, row.version);
    void queries.invalidateQueries({ queryKey: ['case', id] });
  }

  private touched(name: EntityName, id: string, event: StreamEvent): void {
    const { store, byCase } = this.workspace;
    if (event.v === undefined || event.v === null) {
      this.configurationChanged();
      return;
    }
    const owner = name === 'case' ? id : event.case;
    store.touch(name, id, event.v);
    if (owner && byCase.message.ids(owner).length > 0) this.fetch(owner);
  }

  private stale(type: EntityName, id: string): void {
    const row = this.workspace.store.get(type, id);
    const owner = type === 'case' ? id : (row as { case_id?: string } | undefined)?.case_id;
    if (owner) this.fetch(owner);
  }

  /** At most once per Case and second; a Case on no screen is fetched when it is looked at again. */
  private fetch(id: string): void {
    if (this.fetched.has(id)) return;
    const { workspace } = this;
    const timer = setTimeout(() => {
      this.fetched.delete(id);
      const observed = workspace.store.held('case', id) || workspace.byCase.message.watched(id);
      void workspace.queries.invalidateQueries({ queryKey: ['case', id] });
      const known = workspace.store.usedAt('case', id) > 0;
      const asked = workspace.queries.getQueryCache().find({ queryKey: ['case', id] });
      if ((observed || !known) && !asked?.getObserversCount())
        void workspace.fetchCase(id).catch(() => undefined);
    }, FETCH_MS / 4);
    this.fetched.set(id, timer);
  }

  /** What is no row of a screen: customers are read again where they are shown, the rest is the frame. */
  private other(event: StreamEvent): void {
    if (event.entity === 'customer')
      void this.workspace.queries.invalidateQueries({ queryKey: ['customer', event.id] });
    else if (event.entity === 'lever') {
      void this.workspace.queries.invalidateQueries({ queryKey: ['levers'] });
      void this.workspace.reload().catch(() => undefined); // a channel may be out of order by now
    } else this.configurationChanged();
  }

  /** Counters of the tabs come from the server, a moment after something has changed. */
  private countSoon(): void {
    this.counting ??= setTimeout(
      () => {
        this.counting = undefined;
        this.counted = Date.now();
        void this.workspace.count();
      },
      Math.max(COUNT_MS, this.counted + COUNT_PAUSE_MS - Date.now()),
    );
  }

  /** Names, queues, skills changed: fetch the frame of the workspace again, once per second at most. */
  private configurationChanged(): void {
    this.again ??= setTimeout(() => {
      this.again = undefined;
      void this.workspace.reload().catch(() => undefined);
      void this.workspace.queries.invalidateQueries();
    }, 1_000);
  }
}
