// How a workspace is put together: its stream, outbox and drafts, and the tabs of one browser between them.

import type { Client } from '@api/client';
import { ApiProblem } from '@api/problem';
import { Drafts, type LocalDraft } from '@sync/drafts';
import { Outbox, type OutItem } from '@sync/outbox';
import type { Shelves } from '@sync/shelf';
import { Stream, type StreamState } from '@sync/stream';
import type { Tabs } from '@sync/tabs';
import type { PlainPorts } from '@sync/wires';
import { draftPath, saveDraft, send } from './sending';
import type { Workspace } from './workspace';

const SCHEMA = 1;

export function makeOutbox(workspace: Workspace, shelves: Shelves, tabs?: Tabs): Outbox {
  const kept = shelves<OutItem>('outbox');
  const outbox = new Outbox({
    storage: { all: kept.all, put: (item) => kept.put(item.cid, item), remove: kept.remove },
    send: (item) => send(workspace.client, item, (answer) => workspace.takeSent(answer)),
    missed: (item) => void workspace.fetchCase(item.lane).catch(() => undefined),
    share: (cid, item) => tabs?.post('out', { cid, item }),
    now: () => Date.now(),
  });
  if (tabs) outbox.lead(false); // until this tab leads
  tabs?.hear((told) => {
    if (told.t === 'out') outbox.heard(told.cid as string, told.item as OutItem | undefined);
  });
  return outbox;
}

export function makeDrafts(client: Client, shelves: Shelves): Drafts {
  return new Drafts({
    shelf: shelves<LocalDraft>('drafts'),
    save: (draft) => saveDraft(client, draft),
    erase: (id, mode) => client.delete(draftPath(id, mode)),
    now: () => Date.now(),
  });
}

function plainOf(client: Client): PlainPorts {
  return {
    get: (path, signal) =>
      fetch(path, { credentials: 'same-origin', signal, headers: { Accept: '*/*' } }),
    post: (path, body) => client.post(path, { body }),
  };
}

function memory(): Storage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined; // storage is forbidden here: the choice lasts as long as the page
  }
}

const address = (): string =>
  `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/stream`;

export function makeStream(
  workspace: Workspace,
  moved: (state: StreamState) => void,
  tabs?: Tabs,
): Stream {
  // the screens that run here: what the bootstrap says later is about the server's
  const own = workspace.setup.get().build;
  return new Stream(
    {
      tabs,
      plain: plainOf(workspace.client),
      memory: memory(),
      ticket: () => ticket(workspace),
      open: () => new WebSocket(address()),
      apply: (events) => workspace.applying.events(events),
      reset: (reset) => workspace.reset(reset),
      time: (now) => workspace.clock.read(now),
      now: () => workspace.clock.now(),
      ephemeral: (frame) =>
        frame.topic.startsWith('board:')
          ? workspace.boards.hear(frame)
          : workspace.others.hear(frame, workspace.me.id),
      build: (build) => workspace.newBuild.set(build !== own),
      state: moved,
      leads: (on) => {
        workspace.leader.set(on);
        workspace.outbox.lead(on);
      },
    },
    { schema: SCHEMA, build: own },
  );
}

/** Asks whose session this is, where nobody has been asked yet: it holds the secret for writing. */
export async function recognise(client: Client): Promise<void> {
  if (client.csrf) return;
  client.csrf = (await client.get<{ csrf: string }>('/v1/sign_ins/current')).csrf;
}

async function ticket({ client }: Workspace): Promise<string | null> {
  try {
    await recognise(client);
    return (await client.post<{ ticket: string }>('/v1/stream/ticket')).ticket;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
}
