// The fate of an outgoing message: ticks with words, and what a person can do about a bad end.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Delivery, DeliveryState } from '@api/types';
import { dayTime } from '@i18n/format';
import { Button } from '@ui/Button';
import { TextField } from '@ui/Field';
import { Icon, type IconName } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useLanguage, useNow, useWorkspace } from '@agent/data/hooks';

const ICON: Record<DeliveryState, IconName> = {
  held: 'clock',
  queued: 'clock',
  sending: 'send',
  sent: 'check',
  delivered: 'checks',
  read: 'checks',
  uncertain: 'question',
  failed: 'alert',
  cancelled: 'undo',
  expired: 'clock',
};

function Held({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(500);
  const due = Date.parse(delivery.not_before);
  const left = Math.max(0, Math.ceil((due - now) / 1000));
  if (delivery.why === 'undo')
    return left > 0 ? t('delivery.leaves_in', { count: left }) : t('delivery.state.sending');
  if (delivery.why === 'schedule')
    return t('delivery.scheduled', { time: dayTime(language, due, now) });
  return t(`delivery.why.${delivery.why}`, { defaultValue: t('delivery.state.held') });
}

function Trouble({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const { client, takeMessages } = useCalls();
  const { busy, run } = useAct();
  const [reason, setReason] = useState('');
  const call = (verb: string): void =>
    void run(async () => {
      const answer = await client.post<{ message?: Parameters<typeof takeMessages>[0] }>(
        `/v1/deliveries/${delivery.id}/${verb}`,
        verb === 'give_up' ? {} : { body: { reason } },
      );
      takeMessages(answer.message);
    });
  const uncertain = delivery.state === 'uncertain';
  return (
    <div className={uncertain ? 'trouble trouble-warn' : 'trouble trouble-bad'}>
      <Icon name={ICON[delivery.state]} size={16} />
      <div className="grow">
        <p>
          <strong>{t(`delivery.state.${delivery.state}`)}.</strong>{' '}
          {t(`delivery.${delivery.state}_hint`)}
        </p>
        {(delivery.detail || delivery.why) && (
          <p className="tiny">
            {t(`delivery.why.${delivery.why}`, { defaultValue: delivery.why ?? '' })}{' '}
            {delivery.detail}
          </p>
        )}
        {uncertain && (
          <TextField
            label={t('delivery.reason')}
            hint={t('delivery.reason_hint')}
            value={reason}
            maxLength={300}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
        <div className="row wrap">
          {uncertain && (
            <Button small icon="check" busy={busy} onClick={() => call('mark_sent')}>
              {t('delivery.mark_sent')}
            </Button>
          )}
          <Button small busy={busy} onClick={() => call('retry')}>
            {t(uncertain ? 'delivery.send_again' : 'ui.retry')}
          </Button>
          <Button small look="quiet" busy={busy} onClick={() => call('give_up')}>
            {t('delivery.give_up')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function useCalls() {
  const workspace = useWorkspace();
  return {
    client: workspace.client,
    takeMessages: (
      message: Parameters<typeof workspace.store.put<'message'>>[1] | undefined,
    ): void => {
      if (message) workspace.takeMessages([message]);
    },
  };
}

export function Ticks({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation();
  const { state } = delivery;
  if (state === 'failed' || state === 'uncertain') return <Trouble delivery={delivery} />;
  return (
    <span className={`ticks ticks-${state}`}>
      <Icon name={ICON[state]} size={14} />
      {state === 'held' ? <Held delivery={delivery} /> : t(`delivery.state.${state}`)}
    </span>
  );
}
