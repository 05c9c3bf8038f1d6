// What stands between a Case and its end, if anything does; the bars are fetched then.

import { lazy, Suspense } from 'react';
import { useRows, useWorkspace } from '@agent/data/hooks';

const Interrupted = lazy(() =>
  import('./WorkBars').then((found) => ({ default: found.Interrupted })),
);
const Outcome = lazy(() => import('./WorkBars').then((found) => ({ default: found.Outcome })));

export function Work({ caseId }: { caseId: string }) {
  const { me } = useWorkspace();
  const items = useRows('work_item', caseId);
  const mine = items.filter((item) => item.state === 'suspended' && item.agent_id === me.id);
  const due = items.filter((item) => item.disposition_due);
  if (mine.length + due.length === 0) return null;
  return (
    <Suspense fallback={null}>
      {mine.map((item) => (
        <Interrupted key={item.id} item={item} />
      ))}
      {due.map((item) => (
        <Outcome key={item.id} item={item} />
      ))}
    </Suspense>
  );
}
