// One Offer: who waits, why this agent, how long there is, take it or not.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Offer } from '@api/types';
import { span } from '@i18n/format';
import { written } from '@keys/bindings';
import { Button } from '@ui/Button';
import { Select } from '@ui/Field';
import { Ring } from '@ui/Small';
import { useLanguage, useNames, useNow, useSetup, useWorkspace } from '@agent/data/hooks';
import { ChannelMark, TierMark } from '@agent/parts/Marks';
import { whyMe } from '@agent/parts/reasons';
import type { OfferActs } from './useOfferActs';

const FREE_REASONS = ['busy', 'not_my_topic', 'knows_customer', 'break'];

/** Minutes and seconds as a clock shows them; the words are said beside it. */
const countdown = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

interface CardProps {
  offer: Offer;
  acts: OfferActs;
  declining: boolean;
  setDeclining: (on: boolean) => void;
}

function Decline({
  offer,
  acts,
  onCancel,
}: {
  offer: Offer;
  acts: OfferActs;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  const { queues } = useSetup();
  const { store } = useWorkspace();
  const item = store.get('work_item', offer.work_item_id);
  const queue = queues.find((one) =>
    item ? one.id === item.queue_id : one.name === offer.card.queue,
  );
  const demanded = queue?.decline_reasons ?? [];
  const reasons = demanded.length > 0 ? demanded : FREE_REASONS;
  const [reason, setReason] = useState(demanded.length > 0 ? '' : (FREE_REASONS[0] ?? ''));
  return (
    <div className="stack offer-decline">
      <Select
        label={t('offer.decline_reason')}
        value={reason}
        onChange={setReason}
        options={[
          ...(demanded.length > 0 ? [{ value: '', label: t('offer.choose') }] : []),
          ...reasons.map((value) => ({
            value,
            label: t(`decline.${value}`, { defaultValue: value.replaceAll('_', ' ') }),
          })),
        ]}
      />
      <div className="row">
        <Button small onClick={onCancel}>
          {t('ui.cancel')}
        </Button>
        <Button
          small
          look="danger"
          disabled={!reason}
          busy={acts.busy === offer.id}
          onClick={() => acts.decline(offer, reason)}
        >
          {t('offer.decline')}
        </Button>
      </div>
    </div>
  );
}

export function Card({ offer, acts, declining, setDeclining }: CardProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(250);
  const { card } = offer;
  const end = Date.parse(offer.deadline);
  const whole = Math.max(1, end - Date.parse(offer.made_at));
  const left = Math.max(0, end - now);
  const seconds = Math.ceil(left / 1000);
  const reasons = whyMe(offer.why ?? {}, t, useNames());
  return (
    <article className="offer-card" aria-label={t('offer.of', { name: card.customer })}>
      <header className="row">
        <ChannelMark kind={card.channel_kind} size={18} />
        <div className="grow">
          <div className="row">
            <strong className="cut">{card.customer || t('customer.unnamed')}</strong>
            <TierMark tier={card.tier} />
          </div>
          <p className="tiny soft cut">
            {card.queue} ·{' '}
            {t('offer.waits', { time: span(language, now - Date.parse(card.waiting_since)) })}
          </p>
        </div>
        <Ring part={left / whole} tone={seconds <= 5 ? 'bad' : seconds <= 10 ? 'warn' : 'accent'}>
          <span aria-label={t('offer.left', { count: seconds })}>{countdown(seconds)}</span>
        </Ring>
      </header>
      <p className="offer-title">{card.title}</p>
      {card.preview && card.preview !== card.title && (
        <p className="offer-preview soft small">{card.preview}</p>
      )}
      {reasons.length > 0 && (
        <p className="tiny soft">
          {t('offer.why_you')} {reasons.join(' · ')}
        </p>
      )}
      {declining ? (
        <Decline offer={offer} acts={acts} onCancel={() => setDeclining(false)} />
      ) : (
        <div className="row offer-buttons">
          <Button onClick={() => setDeclining(true)} title={written('Mod+Shift+D')}>
            {t('offer.decline')}
          </Button>
          <Button
            look="primary"
            className="grow"
            busy={acts.busy === offer.id}
            title={written('Mod+Shift+A')}
            onClick={() => acts.accept(offer)}
          >
            {t('offer.accept')}
          </Button>
        </div>
      )}
    </article>
  );
}
