// Somebody left the line: how to get in touch, what was tried, and what came of it.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutcome, Callback as Asked, Case, WorkItem } from '@api/types';
import { clockTime, dayTime, span } from '@i18n/format';
import { Button } from '@ui/Button';
import { Select } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useLanguage, useNames, useNow, useSetup, useWorkspace } from '@agent/data/hooks';
import { useOutcomes } from '@agent/parts/outcomes';
import './callback.css';

const MISSED: readonly CallOutcome[] = ['busy', 'no_answer', 'wrong_number'];

function How({ of }: { of: Asked }) {
  const { t } = useTranslation();
  if (of.way === 'chat') return <strong>{t('callback.to_chat')}</strong>;
  const scheme = of.way === 'phone' ? 'tel' : 'mailto';
  return (
    <a className="callback-address" href={`${scheme}:${of.address}`}>
      {of.address}
    </a>
  );
}

/** The wished time, the reason, since when the place is kept, until when it holds. */
function Facts({ item, of }: { item: WorkItem; of: Asked }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(30_000);
  const at = (moment: string): string => dayTime(language, Date.parse(moment), now);
  const wished =
    of.from && of.to
      ? t('callback.wished', { from: at(of.from), to: clockTime(language, Date.parse(of.to)) })
      : t('callback.soon');
  return (
    <>
      {of.reason && (
        <p className="small" dir="auto">
          {of.reason}
        </p>
      )}
      <p className="tiny soft">
        {wished} ·{' '}
        {t('callback.place', { time: span(language, now - Date.parse(item.waiting_since)) })} ·{' '}
        {t('callback.until', { time: at(of.expires_at) })}
      </p>
    </>
  );
}

function Tried({ of }: { of: Asked }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(30_000);
  const names = useNames();
  if (of.attempts.length === 0) return null;
  return (
    <ol className="callback-tried tiny soft">
      {of.attempts.map((one) => (
        <li key={one.no}>
          {t(`callback.outcome.${one.outcome}`)} · {names.person(one.agent_id)} ·{' '}
          {dayTime(language, Date.parse(one.at), now)}
        </li>
      ))}
    </ol>
  );
}

/** What came of it, said by whoever has it; the outcome of the matter where the queue asks for it. */
function Say({ item, of }: { item: WorkItem; of: Asked }) {
  const { t } = useTranslation();
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const { queues } = useSetup();
  const outcomes = useOutcomes();
  const [code, setCode] = useState('');
  const demanded = queues.find((one) => one.id === item.queue_id)?.disposition_required ?? false;
  const say = (outcome: CallOutcome): void =>
    void run(
      async () => {
        const body = outcome === 'reached' && code ? { outcome, disposition: code } : { outcome };
        const done = await client.post<{ case: Case }>(`/v1/callbacks/${of.id}/attempts`, { body });
        store.put('case', done.case);
      },
      t(`callback.said.${outcome}`),
    );
  return (
    <div className="row wrap callback-say">
      {demanded && (
        <Select label={t('word.disposition')} value={code} onChange={setCode} options={outcomes} />
      )}
      <Button
        small
        look="primary"
        busy={busy}
        disabled={demanded && !code}
        onClick={() => say('reached')}
      >
        {t(of.way === 'phone' ? 'callback.outcome.reached' : 'callback.written')}
      </Button>
      {of.way === 'phone' &&
        MISSED.map((one) => (
          <Button key={one} small busy={busy} onClick={() => say(one)}>
            {t(`callback.outcome.${one}`)}
          </Button>
        ))}
    </div>
  );
}

export function Callback({ item, of }: { item: WorkItem; of: Asked }) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const mine = item.state === 'in_work' && item.agent_id === me.id;
  return (
    <section className="callback" aria-label={t('channel.callback')}>
      <div className="row">
        <Icon name="phone" size={16} />
        <strong className="small">{t('channel.callback')}</strong>
        <span className="grow" />
        <How of={of} />
      </div>
      <Facts item={item} of={of} />
      <Tried of={of} />
      {mine && <Say item={item} of={of} />}
      {mine && of.way === 'phone' && <p className="tiny soft">{t('callback.by_hand')}</p>}
    </section>
  );
}
