// One Offer: who waits, why this agent, how long there is, take it or not.

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Offer } from '@api/types';
import { span, worded } from '@i18n/format';
import { Button, IconButton } from '@ui/Button';
import { Select } from '@ui/Field';
import { Ring } from '@ui/Small';
import { useLanguage, useNames, useNow, useSetup, useWorkspace } from '@agent/data/hooks';
import { ChannelMark, TierMark } from '@agent/parts/Marks';
import { useKeys } from '@agent/parts/commands';
import { whyMe } from '@agent/parts/reasons';
import { SlaLeft } from './SlaLeft';
import { hide } from './fates';
import type { OfferActs } from './useOfferActs';

const CONFLICT = 'conflict';
const FREE_REASONS = ['busy', 'not_my_topic', 'knows_customer', 'break'];

/** Whether a hand may refuse it; one that accepts itself is never asked about. */
export const mayDecline = (offer: Offer): boolean => !offer.auto && offer.may_decline !== false;

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
  const usual = demanded.length > 0 ? demanded : FREE_REASONS;
  // A conflict of interest may always be said, and keeps the work away for good.
  const reasons = usual.includes(CONFLICT) ? usual : [...usual, CONFLICT];
  const [reason, setReason] = useState(demanded.length > 0 ? '' : (FREE_REASONS[0] ?? ''));
  const form = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Asked for by key or button, so the focus is not stolen; afterwards it goes back where it was.
    const before = document.activeElement;
    form.current?.querySelector('select')?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <div className="stack offer-decline" ref={form}>
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
  const now = useNow(100); // the ring may be a quarter of a second off, not more
  const acceptKeys = useKeys('accept');
  const declineKeys = useKeys('decline');
  const { card } = offer;
  const end = Date.parse(offer.deadline);
  const whole = Math.max(1, end - Date.parse(offer.made_at));
  const left = Math.max(0, end - now);
  const seconds = Math.ceil(left / 1000);
  const { callback: back } = card;
  const below = back
    ? back.reason || card.title
    : card.step
      ? `${card.title} ` // a step says what the matter is
      : card.preview;
  const reasons = whyMe(offer.why ?? {}, t, useNames());
  return (
    <article
      className="offer-card"
      aria-label={t('offer.of', { name: card.customer })}
      tabIndex={-1}
      onKeyDown={(event) => {
        // Enter on the card itself; on a button it means the button.
        if (offer.auto || event.key !== 'Enter' || event.target !== event.currentTarget) return;
        event.preventDefault();
        acts.accept(offer);
      }}
    >
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
          <span aria-hidden="true">{countdown(seconds)}</span>
          <span className="sr">{t('offer.left', { count: seconds })}</span>
        </Ring>
        <IconButton
          icon="down"
          size={15}
          label={t('offer.put_away')}
          onClick={() => hide(offer.id)}
        />
      </header>
      {card.due_at && (
        <p className="row">
          <SlaLeft due={card.due_at} />
        </p>
      )}
      <p className="offer-title">
        {back
          ? t(`callback.to_${back.way}`, { address: back.address })
          : card.step
            ? worded(language, card.step_titles, card.step)
            : card.title}
      </p>
      {below && below !== card.title && <p className="offer-preview soft small">{below}</p>}
      {reasons.length > 0 && (
        <div className="offer-why">
          <p className="tiny">{t('offer.why_you')}</p>
          <ul className="tiny soft">
            {reasons.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
      {offer.auto ? (
        <p className="offer-auto small" role="status">
          {t('offer.auto', { count: seconds })}
        </p>
      ) : declining ? (
        <Decline offer={offer} acts={acts} onCancel={() => setDeclining(false)} />
      ) : (
        <div className="row offer-buttons">
          {mayDecline(offer) && (
            <Button onClick={() => setDeclining(true)} title={declineKeys}>
              {t('offer.decline')}
            </Button>
          )}
          <Button
            look="primary"
            className="grow"
            busy={acts.busy === offer.id}
            title={acceptKeys}
            onClick={() => acts.accept(offer)}
          >
            {t('offer.accept')}
          </Button>
        </div>
      )}
    </article>
  );
}
