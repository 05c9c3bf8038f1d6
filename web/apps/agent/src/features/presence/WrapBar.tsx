// The time after work: what is wrapped up, how long there is, how it ended, more time, or done.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { WorkItem } from '@api/types';
import { Button } from '@ui/Button';
import { Select } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { useAct } from '@agent/data/act';
import { useEntity, useNow, useSetup, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { useOutcomes } from '@agent/parts/outcomes';

const EXTENSIONS = 3;

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;

function Left({ until }: { until: string }) {
  const { t } = useTranslation();
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - useNow(500)) / 1000));
  return (
    <>
      <span className="figures wrap-up-left" aria-hidden="true">
        {clock(seconds)}
      </span>
      <span className="sr">{t('offer.left', { count: seconds })}</span>
    </>
  );
}

export function WrapBar({ item }: { item: WorkItem }) {
  const { t } = useTranslation();
  const { client, store } = useWorkspace();
  const { queues } = useSetup();
  const found = useEntity('case', item.case_id);
  const { busy, run } = useAct();
  const outcomes = useOutcomes();
  const [code, setCode] = useState(item.disposition ?? '');
  const demanded = queues.find((one) => one.id === item.queue_id)?.disposition_required;
  const left = EXTENSIONS - (item.wrap_extended ?? 0);
  const call = async (verb: string, body: unknown): Promise<void> => {
    const path = `/v1/work_items/${item.id}/${verb}`;
    const answer = await client.post<{ work_item: WorkItem }>(path, { body });
    store.put('work_item', answer.work_item);
  };
  return (
    <section className="wrap-up" aria-label={t('wrap_up.of', { title: found?.title ?? '' })}>
      <Icon name="clock" size={18} />
      <p className="grow cut">
        <strong>{t('wrap_up.now')}</strong>{' '}
        <a href={href('case', item.case_id)}>
          {found?.customer.name || found?.title || t('word.case')}
        </a>
      </p>
      {item.wrap_until && <Left until={item.wrap_until} />}
      <Select label={t('word.disposition')} value={code} onChange={setCode} options={outcomes} />
      <Button
        small
        busy={busy}
        disabled={left <= 0}
        onClick={() => void run(() => call('extend_wrap_up', {}))}
      >
        {t('wrap_up.extend', { count: Math.max(0, left) })}
      </Button>
      <Button
        small
        look="primary"
        busy={busy}
        disabled={demanded === true && !code}
        onClick={() => void run(() => call('finish', code ? { disposition: code } : {}))}
      >
        {t('wrap_up.done')}
      </Button>
    </section>
  );
}
