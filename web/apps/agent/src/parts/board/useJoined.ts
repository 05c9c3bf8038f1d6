// The topics of boards: joined while a screen shows them, and what is wrong when nothing comes.

import { useEffect } from 'react';
import type { PanelError } from '@ui/Async';
import { useCell, useWorkspace } from '@agent/data/hooks';

export function useJoined(topics: readonly string[]): void {
  const { stream, boards } = useWorkspace();
  const named = topics.join(' ');
  useEffect(() => {
    const wanted = named.split(' ');
    const left = wanted.map((topic) => stream.join(topic));
    return () => {
      left.forEach((leave) => leave());
      wanted.forEach((topic) => boards.forget(topic));
    };
  }, [stream, boards, named]);
}

export function useTrouble(topic: string, here: boolean): PanelError | null {
  const { boards, connection, online } = useWorkspace();
  const state = useCell(connection);
  const plugged = useCell(online);
  if (boards.denied(topic)) return { status: 403, title: '', detail: '', requestId: '' };
  if (!here && (!plugged || state !== 'live'))
    return { status: 0, title: '', detail: '', requestId: '' };
  return null;
}
