// Values change at once, who watches is told once, and what follows is worked out only when asked.
import { describe, expect, it, vi } from 'vitest';
import { computed, signal, watch } from './state';

const told = () => new Promise((done) => setTimeout(done));

describe('state', () => {
  it('tells a watcher once for many changes, and only when what it reads has changed', async () => {
    const a = signal(1);
    const b = signal('x');
    const heard = vi.fn();
    const stop = watch(() => a.value, heard);
    a.value = 2;
    a.value = 3;
    b.value = 'y';
    await told();
    expect(heard.mock.calls).toEqual([[1], [3]]);
    b.value = 'z';
    await told();
    expect(heard).toHaveBeenCalledTimes(2);
    stop();
    a.value = 4;
    await told();
    expect(heard).toHaveBeenCalledTimes(2);
  });

  it('works a value out again only after a change', () => {
    const a = signal(2);
    const read = vi.fn(() => a.value * 2);
    const twice = computed(read);
    expect([twice.value, twice.value]).toEqual([4, 4]);
    expect(read).toHaveBeenCalledTimes(1);
    a.value = 5;
    expect(twice.value).toBe(10);
  });

  it('hears what a watcher itself changes', async () => {
    const a = signal(0);
    watch(
      () => a.value,
      (now) => {
        if (now > 0 && now < 3) a.value = now + 1;
      },
    );
    a.value = 1;
    await told();
    expect(a.value).toBe(3);
  });
});
