// What nobody looks at leaves after ten minutes, sooner when there is too much; what is shown stays.
import { expect, it } from 'vitest';
import type { Case, Message } from '@api/types';
import { EntityStore } from '@sync/entities';
import { ListView } from '@sync/view';
import type { Entities } from './entities';
import { forgetIdle } from './forget';
import { groupedByCase } from './groups';
import type { Workspace } from './workspace';

const MINUTE = 60_000;

function world() {
  let now = 0;
  const store = new EntityStore<Entities>(
    (work) => work(),
    () => now,
  );
  const byCase = groupedByCase(store);
  const workspace = { store, byCase } as unknown as Workspace;
  const fill = (id: string): void => {
    store.put('case', { id, version: 1 } as Case);
    for (let position = 1; position <= 3; position += 1)
      store.put('message', {
        id: `${id}${position}`,
        version: 1,
        case_id: id,
        position,
      } as Message);
  };
  const at = (minute: number): void => void (now = minute * MINUTE);
  return { store, byCase, workspace, fill, at, time: () => now };
}

it('lets a Case go with all on it ten minutes after its last use, and not before', () => {
  const { store, workspace, fill, at, time } = world();
  fill('a');
  at(5);
  fill('b');
  at(11);
  forgetIdle(workspace, time());
  expect(store.ids('case')).toEqual(['b']);
  expect(store.ids('message')).toEqual(['b1', 'b2', 'b3']);
});

it('keeps what a list holds, what is watched and what a thread shows', () => {
  const { store, byCase, workspace, fill, at, time } = world();
  for (const id of ['listed', 'watched', 'read', 'idle']) fill(id);
  const view = new ListView<Entities, 'case'>(store, 'case', {
    matches: () => true,
    compare: () => 0,
  });
  view.load(['listed'], false);
  store.watch('case', 'watched', () => undefined);
  byCase.message.subscribe('read', () => undefined);
  at(60);
  forgetIdle(workspace, time());
  expect(store.ids('case')).toEqual(['listed', 'watched', 'read']);
  view.close();
  forgetIdle(workspace, time() + 11 * MINUTE);
  expect(store.ids('case')).toEqual(['watched', 'read']);
});

it('lets the longest unused go at once when there is too much', () => {
  const { store, workspace, fill, at, time } = world();
  for (let n = 0; n < 10; n += 1) {
    at(n / 100);
    fill(`c${n}`);
  }
  forgetIdle(workspace, time(), 20);
  expect(store.size).toBeLessThanOrEqual(20);
  expect(store.ids('case')).toContain('c9');
  expect(store.ids('case')).not.toContain('c0');
});

it('takes back a Case that was let go, in the same version', () => {
  const { store, workspace, fill, at, time } = world();
  fill('a');
  at(20);
  forgetIdle(workspace, time());
  fill('a');
  expect(store.ids('case')).toEqual(['a']);
});
