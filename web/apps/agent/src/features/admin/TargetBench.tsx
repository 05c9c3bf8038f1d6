// An example: which promise would hold for it, clock by clock, and which ones would lose.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { span } from '@i18n/format';
import { Async } from '@ui/Async';
import { Select } from '@ui/Field';
import { Chip } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { CHANNELS } from '@agent/parts/channels';
import type { Loser, Won } from './targetModel';

function Losers({ losers }: { losers: readonly Loser[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (losers.length === 0) return null;
  return (
    <span className="tiny soft">
      {t('targets.lost', {
        list: losers
          .map(
            (one) =>
              `${one.name || t(`targets.level.${one.level}`)} (${span(language, one.target_ms)})`,
          )
          .join(', '),
      })}
    </span>
  );
}

export function TargetBench() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client } = useWorkspace();
  const { queues, departments } = useSetup();
  const [channel, setChannel] = useState('email');
  const [tier, setTier] = useState('standard');
  const [queue, setQueue] = useState('');
  const chosen = queue || (queues[0]?.id ?? '');
  const query = useQuery({
    queryKey: ['admin', 'targets', 'try', channel, tier, chosen],
    enabled: chosen !== '',
    queryFn: () =>
      client.post<{ clocks: Won[] }>('/v1/sla_policies/try', {
        body: { channel, tier, queue_id: chosen },
      }),
  });
  const place = (id: string): string => departments.find((one) => one.id === id)?.name ?? '';
  return (
    <section className="card form-card stack" aria-label={t('targets.bench')}>
      <div>
        <h2>{t('targets.bench')}</h2>
        <p className="small soft">{t('targets.bench_hint')}</p>
      </div>
      <div className="bench-grid">
        <Select
          label={t('word.queue')}
          value={chosen}
          options={queues.map((one) => ({
            value: one.id,
            label: `${one.name} · ${place(one.department_id)}`,
          }))}
          onChange={setQueue}
        />
        <Select
          label={t('targets.scope.channels')}
          value={channel}
          options={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
          onChange={setChannel}
        />
        <Select
          label={t('targets.scope.tiers')}
          value={tier}
          options={['standard', 'priority', 'vip'].map((value) => ({
            value,
            label: t(`tier.${value}`),
          }))}
          onChange={setTier}
        />
      </div>
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        retry={() => void query.refetch()}
        empty={query.data?.clocks.length === 0}
        nothing={{ title: t('targets.none') }}
      >
        <dl className="won" aria-live="polite">
          {query.data?.clocks.map((one) => (
            <div key={one.type}>
              <dt>{t(`sla.${one.type}`)}</dt>
              <dd>
                <span className="row wrap">
                  <strong className="figures">{span(language, one.target_s * 1000)}</strong>
                  <Chip tone={one.policy ? 'accent' : 'plain'}>
                    {one.policy?.name ?? t(`targets.level.${one.level}`)}
                  </Chip>
                  {one.policy && (
                    <span className="tiny soft">{t(`targets.level.${one.level}`)}</span>
                  )}
                </span>
                <Losers losers={one.losers} />
              </dd>
            </div>
          ))}
        </dl>
      </Async>
    </section>
  );
}
