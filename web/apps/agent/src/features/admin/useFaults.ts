// Asks the server what is wrong with rules, a moment after they changed.

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useWorkspace } from '@agent/data/hooks';
import type { Fault, RuleLine } from './ruleModel';

const REST_MS = 350;

/** The value as it was when it last stood still for a moment. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

export function useFaults(rules: readonly RuleLine[]): { faults: Fault[]; asking: boolean } {
  const { client } = useWorkspace();
  const now = JSON.stringify(rules);
  const text = useSettled(now);
  const query = useQuery({
    queryKey: ['rule-faults', text],
    queryFn: () =>
      client.post<{ faults: Fault[] }>('/v1/rules/check', {
        body: { rules: JSON.parse(text) as RuleLine[] },
      }),
    placeholderData: (before) => before,
  });
  return { faults: query.data?.faults ?? [], asking: text !== now || query.isFetching };
}
