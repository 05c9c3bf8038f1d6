// A scrolling box is a tab stop exactly when it overflows and holds nothing that takes the focus.
import { act, render, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Scroll } from './Scroll';

const sizes = { scrollHeight: 0, clientHeight: 200 };
const resized = new Set<() => void>();

/** As a browser does, tells once after a box is first observed, and not after it was let go. */
class Observer {
  constructor(private readonly changed: () => void) {}
  observe(): void {
    resized.add(this.changed);
    queueMicrotask(() => act(() => resized.has(this.changed) && this.changed()));
  }
  disconnect(): void {
    resized.delete(this.changed);
  }
}

/** What a layout would say: the machine of these tests has none. */
beforeEach(() => {
  vi.stubGlobal('ResizeObserver', Observer);
  for (const name of ['scrollHeight', 'clientHeight'] as const)
    Object.defineProperty(HTMLElement.prototype, name, {
      configurable: true,
      get: () => sizes[name],
    });
  sizes.scrollHeight = 0;
});

const resize = (height: number): void =>
  act(() => {
    sizes.scrollHeight = height;
    for (const changed of resized) changed();
  });

const box = (): HTMLElement => screen.getByTestId('box');
const show = (children: React.ReactNode) => (
  <Scroll label="Everything so far" data-testid="box">
    {children}
  </Scroll>
);

describe('Scroll', () => {
  it('adds no tab stop while everything fits', () => {
    render(show('short'));
    expect(box().tabIndex).toBe(-1);
    expect(box().getAttribute('role')).toBeNull();
  });

  it('becomes a named tab stop when it overflows, and ceases when it fits again', () => {
    render(show('long'));
    resize(900);
    expect(screen.getByRole('region', { name: 'Everything so far' }).tabIndex).toBe(0);
    resize(150);
    expect(box().tabIndex).toBe(-1);
  });

  it('leaves the way in to a button inside, but not to a disabled one', async () => {
    const { rerender } = render(show(<button type="button">Retry</button>));
    resize(900);
    expect(box().tabIndex).toBe(-1);
    rerender(
      show(
        <button type="button" disabled>
          Retry
        </button>,
      ),
    );
    await waitFor(() => expect(box().tabIndex).toBe(0));
  });

  it('measures again when content comes later', async () => {
    const { rerender } = render(show('loading'));
    sizes.scrollHeight = 900;
    rerender(show(<p>What was fetched</p>));
    await waitFor(() => expect(box().tabIndex).toBe(0));
  });

  it('keeps the focus it has: the stop goes only after the focus has gone', () => {
    render(show('long'));
    resize(900);
    act(() => box().focus());
    resize(150);
    expect(document.activeElement).toBe(box());
    expect(box().tabIndex).toBe(0);
    act(() => box().blur());
    expect(box().tabIndex).toBe(-1);
  });
});
