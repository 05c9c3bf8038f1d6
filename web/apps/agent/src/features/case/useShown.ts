// Going from Case to Case: the one that was open stays until the chosen one has come, at most a moment.

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useWorkspace } from '@agent/data/hooks';
import { caseQuery } from './useCase';

/** Longer than an answer takes that is on its way; shorter than anybody waits for in doubt. */
const MOMENT_MS = 200;

/**
 * The Case to draw when `id` is chosen: `id` itself once its answer is here, else what stood there before,
 * for 200 ms at most; so the whole panel changes once. `beside` fetches what is shown next to it.
 */
export function useShown(id: string, beside: () => Promise<unknown>): string {
  const workspace = useWorkspace();
  const queries = useQueryClient();
  const [shown, setShown] = useState(id);
  const here = shown === id || queries.getQueryData(['case', id]) !== undefined;
  useEffect(() => {
    if (shown === id) return undefined;
    let left = false;
    const show = (): void => {
      if (!left) setShown(id);
    };
    const timer = setTimeout(show, here ? 0 : MOMENT_MS);
    if (!here)
      void Promise.all([queries.prefetchQuery(caseQuery(workspace, id)), beside()]).then(
        show,
        show,
      );
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [id, shown, here]);
  return here ? id : shown;
}
