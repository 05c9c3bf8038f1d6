// My work that is being wrapped up; its bar is fetched when there is some.

import { lazy, Suspense, useEffect, useState } from 'react';
import type { WorkItem } from '@api/types';
import { useWorkspace } from '@agent/data/hooks';

const WrapBar = lazy(() => import('./WrapBar').then((found) => ({ default: found.WrapBar })));

/** My work in wrap-up, the one that ends first in front. */
function useWrapping(): WorkItem[] {
  const { store, me } = useWorkspace();
  const [items, setItems] = useState<WorkItem[]>([]);
  useEffect(() => {
    const read = (): void => {
      const mine = store
        .all('work_item')
        .filter((item) => item.state === 'wrap_up' && item.agent_id === me.id)
        .sort((a, b) => (a.wrap_until ?? '').localeCompare(b.wrap_until ?? ''));
      setItems((was) => (was.length === 0 && mine.length === 0 ? was : mine));
    };
    read();
    return store.watchType('work_item', read);
  }, [store, me.id]);
  return items;
}

export function WrapUp() {
  const items = useWrapping();
  if (items.length === 0) return null;
  return (
    <Suspense fallback={null}>
      {items.map((item) => (
        <WrapBar key={item.id} item={item} />
      ))}
    </Suspense>
  );
}
