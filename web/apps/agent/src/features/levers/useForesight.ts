// What the routing would do with a lever: asked a moment after the last change, the last answer stays meanwhile.

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { LeverPreview, LeverWish } from '@api/lever';
import { useWorkspace } from '@agent/data/hooks';

const PAUSE_MS = 350;
const FRESH_MS = 15_000;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function useForesight(wish: LeverWish | undefined) {
  const { client } = useWorkspace();
  const asked = wish ? JSON.stringify(wish) : '';
  const settled = useSettled(asked);
  const found = useQuery({
    queryKey: ['lever preview', settled],
    queryFn: ({ signal }) =>
      client.post<LeverPreview>('/v1/levers/preview', {
        body: JSON.parse(settled) as LeverWish,
        signal,
      }),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    staleTime: FRESH_MS,
    retry: false,
  });
  const missing = asked === '';
  return {
    missing,
    data: missing ? undefined : found.data,
    error: missing || found.data ? null : found.error,
    /** What is shown is of an earlier wish, or nothing is there yet. */
    behind: !missing && (found.isFetching || settled !== asked),
    again: () => void found.refetch(),
  };
}
