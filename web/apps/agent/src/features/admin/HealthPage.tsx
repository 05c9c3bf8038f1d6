// System health: figures of the running system, each with its light; what gave up can be tried again.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { count, size, span } from '@i18n/format';
import { Async, Empty } from '@ui/Async';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { Chip, type Tone } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { Ago } from '@agent/parts/Marks';
import { Named, Table } from './Table';
import { useSave } from './list';
import './health.css';

type State = 'good' | 'warn' | 'bad';

interface Vital {
  name: string;
  unit: 's' | 'n' | 'bytes' | 'part';
  value: number;
  state: State;
}

interface Dead {
  kind: 'arrival' | 'delivery' | 'hook';
  id: string;
  account_id: string;
  account: string;
  why: string | null;
  tries: number;
  at: string;
}

interface Told {
  at: string;
  state: State;
  items: Vital[];
  dead: Dead[];
}

const EVERY_MS = 10_000;
const TONES: Record<State, Tone> = { good: 'good', warn: 'warn', bad: 'bad' };

const GROUPS: readonly (readonly [string, readonly string[]])[] = [
  [
    'mail',
    [
      'arrivals_oldest',
      'arrivals_quarantined',
      'outbox_lag',
      'deliveries_uncertain',
      'deliveries_failed',
      'hooks_failed',
    ],
  ],
  ['jobs', ['timers_overdue', 'bulk_oldest', 'worker_lines', 'router_silent', 'web_processes']],
  ['store', ['database_answer', 'connections', 'database_size', 'disk_free']],
  ['stream', ['stream_lag', 'log_lag', 'search_lag', 'audit_unsealed']],
];
const GIGABYTE = 1_000_000_000;

function said(language: string, vital: Vital): string {
  if (vital.unit === 'bytes' && vital.value >= GIGABYTE)
    return new Intl.NumberFormat(language, {
      style: 'unit',
      unit: 'gigabyte',
      maximumFractionDigits: 1,
    }).format(vital.value / GIGABYTE);
  if (vital.unit === 'bytes') return size(language, vital.value);
  if (vital.unit === 'part')
    return new Intl.NumberFormat(language, { style: 'percent' }).format(vital.value);
  if (vital.unit === 'n') return count(language, vital.value);
  if (vital.value >= 10) return span(language, vital.value * 1000);
  const short = vital.value > 0 && vital.value < 1;
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: short ? 'millisecond' : 'second',
    maximumFractionDigits: short ? 0 : 1,
  }).format(short ? vital.value * 1000 : vital.value);
}

function Figure({ vital }: { vital: Vital }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <li className={`vital vital-${vital.state}`}>
      <span className="vital-dot">
        <Icon name={vital.state === 'good' ? 'check' : 'alert'} size={15} />
        <span className="sr">{t(`health.${vital.state}`)}</span>
      </span>
      <span className="grow stack-tight">
        <span>{t(`vital.${vital.name}`)}</span>
        {vital.state !== 'good' && (
          <span className="tiny soft">{t(`vital.${vital.name}_hint`)}</span>
        )}
      </span>
      <strong className="figures">{said(language, vital)}</strong>
    </li>
  );
}

function DeadWork({ rows }: { rows: readonly Dead[] }) {
  const { t } = useTranslation();
  const { busy, save, client } = useSave();
  const again = (row: Dead): void =>
    void save(
      () =>
        client.post('/v1/health/retry', {
          body: { kind: row.kind, id: row.id },
          headers: { 'Idempotency-Key': crypto.randomUUID() },
        }),
      t('health.retried'),
    );
  return (
    <section className="card admin-card" aria-label={t('health.dead')}>
      <header className="matrix-title">
        <h2>{t('health.dead')}</h2>
        <p className="small soft">{t('health.dead_hint')}</p>
      </header>
      {rows.length === 0 ? (
        <Empty title={t('health.no_dead')} icon="check" />
      ) : (
        <Table
          rows={rows}
          columns={[
            {
              head: t('health.work'),
              by: (row) => t(`health.kind.${row.kind}`),
              show: (row) => (
                <Named name={t(`health.kind.${row.kind}`)} hint={<Ago at={row.at} />} />
              ),
            },
            {
              head: t('quarantine.why'),
              by: (row) => row.why,
              show: (row) => (
                <Chip tone="warn" icon="alert">
                  {t(`quarantine.error.${row.why}`, {
                    defaultValue: t(`delivery.why.${row.why}`, {
                      defaultValue: (row.why ?? '').replaceAll('_', ' '),
                    }),
                  })}
                </Chip>
              ),
            },
            {
              head: t('admin.channels'),
              wide: true,
              by: (row) => row.account,
              show: (row) => row.account,
            },
          ]}
          actions={(row) => (
            <Button small icon="refresh" busy={busy} onClick={() => again(row)}>
              {t('health.again')}
            </Button>
          )}
        />
      )}
    </section>
  );
}

export function HealthPage() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['admin', 'health'],
    queryFn: () => client.get<Told>('/v1/health'),
    refetchInterval: EVERY_MS,
  });
  const told = query.data;
  const of = (names: readonly string[]): Vital[] =>
    names.flatMap((name) => told?.items.find((one) => one.name === name) ?? []);
  return (
    <div>
      <header className="row wrap admin-head">
        <div className="grow">
          <h1>{t('admin.health')}</h1>
          <p className="soft">{t('health.hint')}</p>
        </div>
        {told && (
          <Chip tone={TONES[told.state]} icon={told.state === 'good' ? 'check' : 'alert'}>
            {t(`health.${told.state}`)}
          </Chip>
        )}
      </header>
      <Async
        loading={query.isLoading}
        error={told ? null : asError(query.error)}
        retry={() => void query.refetch()}
      >
        <div className="vitals" data-stale={query.isError || undefined}>
          {GROUPS.map(([group, names]) => (
            <section
              key={group}
              className="card vital-card"
              aria-label={t(`health.group.${group}`)}
            >
              <h2>{t(`health.group.${group}`)}</h2>
              <ul className="plain-list">
                {of(names).map((vital) => (
                  <Figure key={vital.name} vital={vital} />
                ))}
              </ul>
            </section>
          ))}
        </div>
        {told && <DeadWork rows={told.dead} />}
      </Async>
    </div>
  );
}
