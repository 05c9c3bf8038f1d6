// The cards that ask this agent: top right, never taking the focus, counting down by the server's time.

import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Offer } from '@api/types';
import { useCell, useMyOffers, useNow, useWorkspace } from '@agent/data/hooks';
import { useRoute } from '@agent/data/router';
import { useCommand } from '@agent/parts/commands';
import { announceNow } from '@agent/parts/announce';
import { Card, mayDecline } from './Card';
import { FateCard } from './FateCard';
import { fates, hidden, showAll, SHOWN_MS, useFates } from './fates';
import { useOfferActs, type OfferActs } from './useOfferActs';

/** Cards that left a moment ago: they say why and go. */
function Gone() {
  const now = useNow(1_000);
  return useCell(fates)
    .filter((fate) => now - fate.at < SHOWN_MS)
    .map((fate) => <FateCard key={fate.id} fate={fate} card />);
}

/** Only the desk has room for open cards; on other screens they wait in the tray, counted and spoken. */
const DESK = new Set(['', 'inbox', 'view', 'case']);

/** Tells the server of each card that accepts itself, once, as soon as it is there. */
function usePainted(offers: readonly Offer[], painted: OfferActs['painted']): void {
  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const offer of offers) {
      if (!offer.auto || told.current.has(offer.id)) continue;
      told.current.add(offer.id);
      // Who is too late reads it in the tray: missed, withdrawn or somebody else's.
      painted(offer).catch(() => undefined);
    }
  }, [offers, painted]);
}

export function Offers() {
  const { t } = useTranslation();
  const desk = DESK.has(useRoute().parts[0] ?? '');
  const { stream } = useWorkspace();
  const offers = useMyOffers();
  const away = useCell(hidden);
  const acts = useOfferActs();
  const [declining, setDeclining] = useState<string>();
  const ids = useMemo(() => offers.map((offer) => offer.id), [offers]);
  useFates(offers);
  usePainted(offers, acts.painted);
  useEffect(() => {
    if (ids.length > 0) stream.shown(ids);
  }, [stream, ids]);
  const first = offers[0];
  const spoken = first && t('offer.spoken', { name: first.card.customer, queue: first.card.queue });
  useEffect(() => {
    if (spoken) announceNow(spoken);
  }, [spoken, first?.id]);
  useCommand('accept', () => first && acts.accept(first), { when: first !== undefined });
  useCommand(
    'decline',
    () => {
      showAll();
      setDeclining(first?.id);
    },
    { when: first !== undefined && mayDecline(first) },
  );
  // A card that accepts itself is seen wherever one is: it is taken because it is seen.
  const cards = offers.filter(
    (offer) => offer.auto || (desk ? !away.has(offer.id) : declining === offer.id),
  );
  return (
    <section className="offers" data-panel="offers" aria-label={t('offer.tray')}>
      {cards.map((offer) => (
        <Card
          key={offer.id}
          offer={offer}
          acts={acts}
          declining={declining === offer.id}
          setDeclining={(on) => setDeclining(on ? offer.id : undefined)}
        />
      ))}
      <Gone />
    </section>
  );
}
