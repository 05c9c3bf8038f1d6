// What stands between a Case and its end, if anything does; the bars are fetched then.

import { lazy, Suspense } from 'react';
import { late } from '@i18n/late';
import { useRows, useWorkspace } from '@agent/data/hooks';

const Interrupted = lazy(() =>
  import('./WorkBars').then((found) => ({ default: found.Interrupted })),
);
const Outcome = lazy(() => import('./WorkBars').then((found) => ({ default: found.Outcome })));
const Callback = late('dialogs', async () => (await import('./Callback')).Callback);
const OVER = new Set(['done', 'cancelled', 'wrap_up']);

export function Work({ caseId }: { caseId: string }) {
  const { me } = useWorkspace();
  const items = useRows('work_item', caseId);
  const mine = items.filter((item) => item.state === 'suspended' && item.agent_id === me.id);
  const due = items.filter((item) => item.disposition_due);
  const calls = items.filter((item) => item.callback && !OVER.has(item.state));
  if (mine.length + due.length + calls.length === 0) return null;
  return (
    <Suspense fallback={null}>
      {calls.map(
        (item) => item.callback && <Callback key={item.id} item={item} of={item.callback} />,
      )}
      {mine.map((item) => (
        <Interrupted key={item.id} item={item} />
      ))}
      {due.map((item) => (
        <Outcome key={item.id} item={item} />
      ))}
    </Suspense>
  );
}
