// The cards that ask this agent: they never take the focus, they count down by the server's time.

import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Offer } from '@api/types';
import { toasts } from '@ui/Toasts';
import { useMyOffers, useWorkspace } from '@agent/data/hooks';
import { useCommand } from '@agent/parts/commands';
import { Card } from './Card';
import { useOfferActs } from './useOfferActs';

/** Says what became of a card that left without a click of this agent. */
function useFates(offers: readonly Offer[]): void {
  const { t } = useTranslation();
  const { store, me } = useWorkspace();
  const shown = useRef(new Map<string, Offer>());
  useEffect(() => {
    const open = new Set(offers.map((offer) => offer.id));
    for (const [id, offer] of shown.current) {
      if (open.has(id)) continue;
      shown.current.delete(id);
      const now = store.get('offer', id) ?? offer;
      const name = offer.card.customer || offer.card.reference;
      if (now.state === 'missed') toasts.show({ bad: true, text: t('offer.was_missed', { name }) });
      if (now.state === 'withdrawn') {
        const why = t(`withdrawn.${now.reason}`, {
          defaultValue: (now.reason ?? '').replaceAll('_', ' '),
        });
        toasts.show({ text: t('offer.was_withdrawn', { name, why }) });
      }
    }
    for (const offer of offers) shown.current.set(offer.id, offer);
  }, [offers, store, me, t]);
}

/** The operating system's notice, when the person allowed it and looks elsewhere. */
function useNotice(offers: readonly Offer[]): void {
  const { t } = useTranslation();
  const told = useRef(new Set<string>());
  useEffect(() => {
    for (const offer of offers) {
      if (told.current.has(offer.id)) continue;
      told.current.add(offer.id);
      if (typeof Notification === 'undefined' || Notification.permission !== 'granted') continue;
      if (document.visibilityState === 'visible') continue;
      const body = offer.card.title || offer.card.preview;
      new Notification(t('offer.new', { name: offer.card.customer }), { body, tag: offer.id });
    }
  }, [offers, t]);
}

export function Offers() {
  const { t } = useTranslation();
  const { stream } = useWorkspace();
  const offers = useMyOffers();
  const acts = useOfferActs();
  const [declining, setDeclining] = useState<string>();
  const ids = useMemo(() => offers.map((offer) => offer.id), [offers]);
  useFates(offers);
  useNotice(offers);
  useEffect(() => {
    if (ids.length > 0) stream.shown(ids);
  }, [stream, ids]);
  const first = offers[0];
  useCommand('accept', () => first && acts.accept(first));
  useCommand('decline', () => first && setDeclining(first.id));
  return (
    <section className="offers" aria-label={t('offer.tray')}>
      <div role="alert" className="sr">
        {first && t('offer.spoken', { name: first.card.customer, queue: first.card.queue })}
      </div>
      {offers.map((offer) => (
        <Card
          key={offer.id}
          offer={offer}
          acts={acts}
          declining={declining === offer.id}
          setDeclining={(on) => setDeclining(on ? offer.id : undefined)}
        />
      ))}
    </section>
  );
}
