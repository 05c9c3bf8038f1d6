// What became of Offers that left without a click of this agent: shown a while, kept in the tray.

import { useEffect, useRef } from 'react';
import type { Offer } from '@api/types';
import { Cell } from '@agent/data/cell';
import { useWorkspace } from '@agent/data/hooks';

export interface Fate {
  id: string;
  offer: Offer;
  state: 'missed' | 'withdrawn';
  reason: string | null;
  at: number;
}

const KEPT = 12;
/** How long a card that has left stays to say why. */
export const SHOWN_MS = 12_000;

export const fates = new Cell<readonly Fate[]>([]);
/** Cards put away by the agent: they wait in the tray. */
export const hidden = new Cell<ReadonlySet<string>>(new Set());

export const hide = (id: string): void => hidden.set(new Set([...hidden.get(), id]));
export const showAll = (): void => hidden.set(new Set());
export const forgetFate = (id: string): void =>
  fates.set(fates.get().filter((fate) => fate.id !== id));

/** Looks after the Offers of this agent; mounted once. */
export function useFates(offers: readonly Offer[]): void {
  const { store, clock } = useWorkspace();
  const shown = useRef(new Map<string, Offer>());
  useEffect(() => {
    const open = new Set(offers.map((offer) => offer.id));
    for (const [id, offer] of shown.current) {
      if (open.has(id)) continue;
      shown.current.delete(id);
      const now = store.get('offer', id) ?? offer;
      if (now.state !== 'missed' && now.state !== 'withdrawn') continue;
      const fate: Fate = { id, offer, state: now.state, reason: now.reason, at: clock.now() };
      fates.set([fate, ...fates.get()].slice(0, KEPT));
    }
    for (const offer of offers) shown.current.set(offer.id, offer);
  }, [offers, store, clock]);
}
