// Watches Offers, notices and new lines of own Cases, and tells each in the ways the person chose.

import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useMyOffers, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { tell, type Told } from './tell';
import { titleOf } from './words';

/** What was there when the page opened is old; everything later is told once. */
function useOnce(): (id: string) => boolean {
  const known = useRef(new Set<string>());
  return (id) => {
    if (known.current.has(id)) return false;
    known.current.add(id);
    return true;
  };
}

function useTold(): (told: Told) => void {
  const { clock, preferences } = useWorkspace();
  return (told) => tell(told, preferences.now.get(), clock.now());
}

function useOffers(): void {
  const { t } = useTranslation();
  const offers = useMyOffers();
  const first = useOnce();
  const told = useTold();
  useEffect(() => {
    for (const offer of offers)
      if (first(offer.id))
        told({
          kind: 'offer',
          title: t('offer.new', { name: offer.card.customer }),
          body: offer.card.title || offer.card.preview,
          channel: offer.card.channel_kind,
          tag: offer.id,
        });
  });
}

function useFresh(): void {
  const { t } = useTranslation();
  const { store, clock, me, byCase } = useWorkspace();
  const first = useOnce();
  const told = useTold();
  const opened = useRef(clock.now());
  useEffect(() => {
    const recent = (at: string): boolean => Date.parse(at) > opened.current;
    const notices = store.watchType('notice', () => {
      for (const one of store.all('notice'))
        if (!one.read_at && recent(one.at) && first(one.id))
          told({
            kind: one.kind,
            title: titleOf(one, t),
            body: one.text,
            tag: one.id,
            openLabel: t('offer.look'),
            open: one.case_id ? () => go(href('case', one.case_id ?? '')) : undefined,
          });
    });
    const messages = store.watchType('message', () => {
      for (const one of store.all('message')) {
        if (one.kind !== 'in' || !recent(one.at) || !first(one.id)) continue;
        const mine = byCase.work_item.rows(one.case_id).some((row) => row.agent_id === me.id);
        const open = location.hash.includes(one.case_id) && document.visibilityState === 'visible';
        if (mine && !open)
          told({
            kind: 'message',
            title: t('notice.message'),
            body: one.text.slice(0, 120),
            tag: one.id,
            openLabel: t('offer.look'),
            open: () => go(href('inbox', 'mine', one.case_id)),
          });
      }
    });
    return () => {
      notices();
      messages();
    };
  });
}

export function Teller() {
  useOffers();
  useFresh();
  return null;
}
