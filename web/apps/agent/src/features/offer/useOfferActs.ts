// Accepting and declining: the server's guarded update decides, the loser is told who was faster.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '@api/problem';
import type { Offer, WorkItem } from '@api/types';
import { toasts } from '@ui/Toasts';
import { asError } from '@agent/data/act';
import { useNames, useWorkspace } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { askForCase, catchUp } from '@agent/parts/ahead';

interface Accepted {
  offer?: Offer;
  work_item: WorkItem;
  case_id: string;
}

export interface OfferActs {
  busy: string | undefined;
  accept: (offer: Offer) => void;
  decline: (offer: Offer, reason: string) => void;
  /** The card stands on the screen: what accepts itself is taken now, without going anywhere. */
  painted: (offer: Offer) => Promise<void>;
}

/** Goes to the Case that was granted; what was typed for it meanwhile is put there. */
function openGranted(id: string, comes: (comes: boolean) => void): void {
  const address = href('inbox', 'mine', id);
  const here = (): void => {
    comes(true);
    catchUp(); // when the Case is still to be fetched, the desk does it later
  };
  if (location.hash === address) {
    here();
    return;
  }
  // after the desk has heard of it: from then on the Case that was open stands still by itself
  window.addEventListener('hashchange', () => setTimeout(here), { once: true });
  go(address);
}

export function useOfferActs(): OfferActs {
  const { t } = useTranslation();
  const { client, store } = useWorkspace();
  const names = useNames();
  const [busy, setBusy] = useState<string>();
  const failed = (error: unknown): void => {
    const facts = error instanceof ApiProblem ? error.facts : {};
    if (error instanceof ApiProblem && error.code === 'offer.settled') {
      const who = names.person(typeof facts.by === 'string' ? facts.by : null);
      const outcome = t(`offer.state.${String(facts.outcome)}`, { defaultValue: '' });
      toasts.show({
        bad: true,
        text: who ? t('offer.taken_by', { name: who }) : t('offer.too_late', { outcome }),
      });
      return;
    }
    const refusal = asError(error);
    toasts.show({ bad: true, text: refusal?.detail || refusal?.title || t('ui.line_down') });
  };
  const run = (offer: Offer, work: () => Promise<void>): void => {
    setBusy(offer.id);
    work()
      .catch(failed)
      .finally(() => setBusy(undefined));
  };
  return {
    busy,
    accept: (offer) =>
      run(offer, async () => {
        const comes = askForCase();
        try {
          const answer = await client.post<Accepted>(`/v1/offers/${offer.id}/accept`);
          if (answer.offer) store.put('offer', answer.offer);
          store.put('work_item', answer.work_item);
          openGranted(answer.case_id ?? offer.case_id, comes);
        } catch (error) {
          comes(false);
          throw error;
        }
      }),
    painted: async (offer) => {
      const answer = await client.post<Accepted | undefined>(`/v1/offers/${offer.id}/rendered`);
      if (!answer) return;
      if (answer.offer) store.put('offer', answer.offer);
      store.put('work_item', answer.work_item);
      toasts.show({
        text: t('offer.auto_taken', { name: offer.card.customer || offer.card.reference }),
        action: {
          label: t('offer.open'),
          run: () => go(href('inbox', 'mine', answer.case_id ?? offer.case_id)),
        },
      });
    },
    decline: (offer, reason) =>
      run(offer, async () => {
        const answer = await client.post<{ offer?: Offer } & Partial<Offer>>(
          `/v1/offers/${offer.id}/decline`,
          {
            body: reason ? { reason } : {},
          },
        );
        const settled = answer?.offer ?? (answer?.id ? (answer as Offer) : undefined);
        if (settled) store.put('offer', settled);
      }),
  };
}
