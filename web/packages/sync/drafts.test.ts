// Drafts: local within half a second, on the server within three, never overwritten by an echo.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Drafts, type LocalDraft } from './drafts';
import { memoryShelf } from './shelf';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function make(fails = false): {
  drafts: Drafts;
  saved: string[];
  shelf: ReturnType<typeof memoryShelf<LocalDraft>>;
} {
  const saved: string[] = [];
  const shelf = memoryShelf<LocalDraft>();
  const drafts = new Drafts({
    shelf,
    save: (draft) => {
      if (fails) return Promise.reject(new Error('away'));
      saved.push(draft.text);
      return Promise.resolve({ version: draft.version + 1 });
    },
    erase: () => Promise.resolve(),
    now: () => Date.now(),
  });
  return { drafts, saved, shelf };
}

describe('drafts', () => {
  it('keeps every key press on this machine within 500 ms and on the server within 3 s', async () => {
    const { drafts, saved, shelf } = make();
    for (let n = 1; n <= 10; n += 1) {
      drafts.set('c', 'reply', 'x'.repeat(n), []);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(400);
    expect((await shelf.all())[0]?.text).toBe('x'.repeat(10));
    await vi.advanceTimersByTimeAsync(2_600);
    expect(saved.at(-1)).toBe('x'.repeat(10));
    expect(drafts.get('c', 'reply')?.ahead).toBe(false);
  });

  it('keeps reply and note apart', () => {
    const { drafts } = make();
    drafts.set('c', 'reply', 'hello', []);
    drafts.set('c', 'note', 'secret', []);
    expect(drafts.get('c', 'reply')?.text).toBe('hello');
    expect(drafts.get('c', 'note')?.text).toBe('secret');
  });

  it('does not let a server copy overwrite text that has gone further', () => {
    const { drafts } = make();
    drafts.set('c', 'reply', 'newest', []);
    drafts.adopt('c', 'reply', 'older', [], 9);
    expect(drafts.get('c', 'reply')?.text).toBe('newest');
  });

  it('takes up unsaved text after a reload', async () => {
    const broken = make(true);
    broken.drafts.set('c', 'reply', 'kept', []);
    await vi.advanceTimersByTimeAsync(5_000);
    const next = new Drafts({
      shelf: broken.shelf,
      save: (draft) => Promise.resolve({ version: draft.version + 1 }),
      erase: () => Promise.resolve(),
      now: () => Date.now(),
    });
    await next.load();
    expect(next.get('c', 'reply')?.text).toBe('kept');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(next.get('c', 'reply')?.ahead).toBe(false);
  });
});
