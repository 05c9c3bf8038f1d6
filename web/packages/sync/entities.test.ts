// The entity store under random orders, doubles and late answers.
import { describe, expect, it } from 'vitest';
import { EntityStore } from './entities';

interface Row {
  id: string;
  version: number;
  text: string;
}
type Rows = { row: Row };

const store = (): EntityStore<Rows> => new EntityStore<Rows>((work) => work());

/** A small repeatable generator, so that a failing order can be run again. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(48271, state) >>> 0) % 0x7fffffff;
    return state / 0x7fffffff;
  };
}

type Step = { op: 'put' | 'gone'; row: Row };

function history(random: () => number): Step[] {
  const steps: Step[] = [];
  for (let entity = 0; entity < 8; entity += 1) {
    const last = 1 + Math.floor(random() * 12);
    const dies = random() < 0.3;
    for (let version = 1; version <= last; version += 1) {
      const op = dies && version === last ? 'gone' : 'put';
      steps.push({ op, row: { id: `e${entity}`, version, text: `e${entity} v${version}` } });
    }
  }
  return steps;
}

function shuffled<T>(items: T[], random: () => number): T[] {
  const copy = [...items];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

function run(steps: Step[]): Row[] {
  const rows = store();
  for (const { op, row } of steps) {
    if (op === 'put') rows.put('row', row);
    else rows.gone('row', row.id, row.version);
  }
  return rows.all('row').sort((a, b) => (a.id < b.id ? -1 : 1));
}

describe('entity store', () => {
  it('ends in the same state whatever the order and however often events come', () => {
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = chance(seed);
      const steps = history(random);
      const doubled = [...steps, ...steps.filter(() => random() < 0.4)];
      expect(run(shuffled(doubled, random)), `seed ${seed}`).toEqual(run(steps));
    }
  });

  it('keeps a buried row buried when an old answer comes late', () => {
    const rows = store();
    rows.put('row', { id: 'a', version: 3, text: 'three' });
    rows.gone('row', 'a', 4);
    expect(rows.put('row', { id: 'a', version: 2, text: 'two' })).toBe(false);
    expect(rows.get('row', 'a')).toBeUndefined();
    expect(rows.put('row', { id: 'a', version: 5, text: 'back' })).toBe(true);
  });

  it('takes the whole version that a touch announced, and nothing older', () => {
    const rows = store();
    rows.put('row', { id: 'a', version: 1, text: 'one' });
    rows.touch('row', 'a', 3);
    expect(rows.isStale('row', 'a')).toBe(true);
    expect(rows.put('row', { id: 'a', version: 2, text: 'two' })).toBe(false);
    expect(rows.put('row', { id: 'a', version: 3, text: 'three' })).toBe(true);
    expect(rows.isStale('row', 'a')).toBe(false);
  });

  it('tells each listener once per frame, and only those of the row', () => {
    let flush: () => void = () => undefined;
    const rows = new EntityStore<Rows>((work) => (flush = work));
    const heard: string[] = [];
    rows.watch('row', 'a', () => heard.push('a'));
    rows.watch('row', 'b', () => heard.push('b'));
    for (let version = 1; version < 20; version += 1)
      rows.put('row', { id: 'a', version, text: '' });
    flush();
    expect(heard).toEqual(['a']);
  });

  it('forgets tombstones after a quarter of an hour', () => {
    let now = 0;
    const rows = new EntityStore<Rows>(
      (work) => work(),
      () => now,
    );
    rows.gone('row', 'a', 9);
    now = 16 * 60_000;
    rows.sweep();
    expect(rows.put('row', { id: 'a', version: 1, text: 'again' })).toBe(true);
  });

  it('asks for a touched row when it is on the screen, or when it comes there', () => {
    const rows = store();
    const asked: string[] = [];
    rows.onStale = (_, id) => asked.push(id);
    for (const id of ['seen', 'later']) rows.put('row', { id, version: 1, text: '' });
    rows.watch('row', 'seen', () => undefined);
    rows.touch('row', 'seen', 2);
    rows.touch('row', 'later', 2);
    expect(asked).toEqual(['seen']);
    rows.watch('row', 'later', () => undefined);
    expect(asked).toEqual(['seen', 'later']);
  });
});

describe('reading everything anew', () => {
  it('keeps what is shown until its own row has come, whatever its version, and lets the rest go', () => {
    const all = store();
    for (const id of ['a', 'b', 'c']) all.put('row', { id, version: 7, text: 'before' });
    const gone: string[] = [];
    all.observe((change) => change.gone && gone.push(change.id));
    const rest = all.renew();
    expect(all.get('row', 'a')?.text).toBe('before');
    all.put('row', { id: 'a', version: 3, text: 'after' });
    expect(all.put('row', { id: 'a', version: 2, text: 'late' })).toBe(false);
    rest();
    expect([all.get('row', 'a')?.text, all.ids('row')]).toEqual(['after', ['a']]);
    expect(gone).toEqual(['b', 'c']);
  });

  it('lets what is read anew again wait for the second reading, not for the first', () => {
    const all = store();
    all.put('row', { id: 'a', version: 7, text: 'before' });
    const first = all.renew();
    const second = all.renew();
    first();
    expect(all.ids('row')).toEqual(['a']);
    second();
    expect(all.ids('row')).toEqual([]);
  });

  it('lets what left before be seen again when it is there', () => {
    const all = store();
    all.put('row', { id: 'a', version: 7, text: 'before' });
    all.gone('row', 'a', 8);
    all.renew()();
    expect(all.put('row', { id: 'a', version: 1, text: 'back' })).toBe(true);
  });
});
