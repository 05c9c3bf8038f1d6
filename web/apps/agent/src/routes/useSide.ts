// Whether the customer stands beside the Case: as the person left it, where there is room.

import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';

const WIDE = '(min-width: 75rem)';
/** Beside the customer's side of the demo there is less room. */
const WIDE_SPLIT = '(min-width: 115.01rem)';
const AWAY = 'polyphony-customer-away';

export interface Side {
  open: boolean;
  toggle: () => void;
}

/** Whether there is room for him. */
function useRoomy(split: boolean): boolean {
  const query = split ? WIDE_SPLIT : WIDE;
  const listen = useCallback(
    (told: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', told);
      return () => media.removeEventListener('change', told);
    },
    [query],
  );
  return useSyncExternalStore(listen, () => window.matchMedia(query).matches);
}

/** Beside every Case, or beside none; where there is no room, over the one it was asked for. */
export function useSide(id: string, split: boolean): Side {
  const roomy = useRoomy(split);
  const [away, setAway] = useState(() => localStorage.getItem(AWAY) === 'yes');
  const [over, setOver] = useState<string>();
  const open = roomy ? !away : over === id;
  return useMemo(() => {
    const toggle = (): void => {
      if (!roomy) {
        setOver(open ? undefined : id);
        return;
      }
      localStorage.setItem(AWAY, open ? 'yes' : 'no');
      setAway(open);
    };
    return { open, toggle };
  }, [id, roomy, open]);
}
