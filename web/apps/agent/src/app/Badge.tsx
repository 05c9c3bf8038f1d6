// How much waits, on the icon of the installed application and in the title of the tab.

import { useEffect } from 'react';
import { useCell, useMyOffers, useWorkspace } from '@agent/data/hooks';

const NAME = 'Polyphony';

export function Badge() {
  const { setup } = useWorkspace();
  const { mine = 0 } = useCell(setup).counters;
  const offers = useMyOffers().length;
  useEffect(() => {
    document.title = offers > 0 ? `(${offers}) ${NAME}` : NAME;
    if (!('setAppBadge' in navigator)) return;
    const count = offers + mine;
    const set = count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge();
    void set.catch(() => undefined);
  }, [offers, mine]);
  return null;
}
