// Every state of the one panel contract, and that it says so to eyes and ears.
import { act, render, screen } from '@testing-library/react';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startTexts } from '@i18n/index';
import { Async, type PanelError } from './Async';

beforeAll(async () => {
  await startTexts('en');
});

const error: PanelError = {
  status: 500,
  title: 'Broken',
  detail: 'The disk is full',
  requestId: 'r-7',
};

describe('Async', () => {
  it('shows nothing for a moment, then a skeleton that is announced', () => {
    vi.useFakeTimers();
    render(<Async loading>content</Async>);
    expect(screen.queryByRole('status')).toBeNull();
    act(() => vi.advanceTimersByTime(301));
    expect(screen.getByRole('status').textContent).toContain('Loading');
    vi.useRealTimers();
  });

  it('shows an error with the words of the server, the request id and a way to try again', () => {
    const retry = vi.fn();
    render(
      <Async loading={false} error={error} retry={retry}>
        content
      </Async>,
    );
    expect(screen.getByRole('alert').textContent).toContain('The disk is full');
    expect(screen.getByText('r-7')).toBeTruthy();
    screen.getByRole('button', { name: 'Try again' }).click();
    expect(retry).toHaveBeenCalledOnce();
  });

  it('says what is missing when something is forbidden, and offers no retry', () => {
    const forbidden = { ...error, status: 403, detail: '' };
    render(
      <Async loading={false} error={forbidden} retry={() => undefined}>
        content
      </Async>,
    );
    expect(screen.getByRole('alert').textContent).toContain('role or department');
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('says that the line is down instead of an empty title', () => {
    const down = { status: 0, title: '', detail: '', requestId: '' };
    render(
      <Async loading={false} error={down}>
        content
      </Async>,
    );
    expect(screen.getByRole('alert').textContent).toContain('No connection');
  });

  it('says why it is empty', () => {
    render(
      <Async loading={false} empty nothing={{ title: 'Nobody waits' }}>
        content
      </Async>,
    );
    expect(screen.getByText('Nobody waits')).toBeTruthy();
  });

  it('keeps stale content readable instead of hiding it behind the error', () => {
    const { container } = render(
      <Async loading={false} error={error} stale>
        content
      </Async>,
    );
    expect(container.querySelector('.stale')?.textContent).toBe('content');
  });
});
