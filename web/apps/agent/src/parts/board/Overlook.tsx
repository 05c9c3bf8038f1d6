// Beside the counters: the half hour to come of each Queue, the doors, what is adjusted, how far the counters are behind.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Overlook as Told, OverlookDoor, OverlookQueue } from '@api/board';
import { clockTime, count, relative, span } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { useLanguage, useNames, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import './overlook.css';

const AGAIN_MS = 5_000;
/** A share of fewer says little. */
const FEW = 20;
const DEFINED = ['wait', 'level', 'warned', 'failed', 'uncertain', 'unread', 'log'] as const;

function useOverlook(department: string | null) {
  const { client } = useWorkspace();
  return useQuery({
    queryKey: ['overlook', department],
    queryFn: () =>
      client.get<Told>('/v1/boards/overlook', {
        query: department ? { department_id: department } : {},
      }),
    refetchInterval: AGAIN_MS,
    staleTime: 0,
  });
}

const shareOf = (language: string, milli: number): string =>
  new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 }).format(
    milli / 1000,
  );

function Level({ level }: { level: OverlookQueue['level'] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (!level) return <span className="soft">–</span>;
  const milli = Math.round((level.in_time * 1000) / level.judged);
  return (
    <>
      <span className={level.judged < FEW ? 'soft' : undefined}>{shareOf(language, milli)}</span>{' '}
      <span className="tiny soft">
        {t('board.over.band', {
          low: shareOf(language, level.low),
          high: shareOf(language, level.high),
          n: count(language, level.judged),
        })}
      </span>
    </>
  );
}

function Queues({ rows }: { rows: readonly OverlookQueue[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const shown = rows.filter((one) => one.waiting > 0 || one.warned > 0 || one.level);
  if (shown.length === 0) return <p className="small soft">{t('board.over.calm')}</p>;
  return (
    <div
      className="overlook-scroll"
      role="region"
      aria-label={t('board.over.head.queue')}
      tabIndex={0}
    >
      <table className="table overlook-table">
        <thead>
          <tr>
            {['queue', 'waiting', 'wait', 'level', 'warned'].map((name) => (
              <th key={name} scope="col">
                {t(`board.over.head.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.queue_id}>
              <th scope="row">{names.queue(one.queue_id)}</th>
              <td className="figures">{count(language, one.waiting)}</td>
              <td className="figures">
                {one.wait_ms === null ? (
                  <span className="soft">–</span>
                ) : (
                  span(language, one.wait_ms)
                )}
              </td>
              <td className="figures">
                <Level level={one.level} />
              </td>
              <td className="figures">{count(language, one.warned)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Door({ door, now }: { door: OverlookDoor; now: number }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const bad = door.state === 'broken' || door.state === 'degraded';
  const said = [
    door.failed > 0 && t('board.over.failed', { n: count(language, door.failed) }),
    door.uncertain > 0 && t('board.over.uncertain', { n: count(language, door.uncertain) }),
    door.unread_since !== null &&
      t('board.over.unread', {
        n: count(language, door.unread),
        since: relative(language, Date.parse(door.unread_since), now),
      }),
  ].filter(Boolean);
  return (
    <li className="overlook-line">
      <Icon name={bad ? 'alert' : door.state === 'paused' ? 'pause' : 'check'} size={16} />
      <span>
        {door.name} <span className="soft">{t(`channel.${door.kind}`)}</span> ·{' '}
        {t(`board.over.door.${door.state}`)}
        {said.length > 0 && <span className="soft small"> · {said.join(' · ')}</span>}
      </span>
    </li>
  );
}

function Levers({ told }: { told: Told }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  if (told.levers.length === 0) return <p className="small soft">{t('board.over.no_levers')}</p>;
  return (
    <ul className="overlook-list">
      {told.levers.map((one) => (
        <li key={one.id} className="overlook-line">
          <Icon name="bolt" size={16} />
          <a href={href('console', 'levers')}>
            {names.queue(one.queue_id) ||
              (one.channel && t(`channel.${one.channel}`)) ||
              t('board.over.people')}
            {' · '}
            {one.until_at
              ? t('board.over.until', { time: clockTime(language, Date.parse(one.until_at)) })
              : t('board.over.no_end')}
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Overlook({ department }: { department: string | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const found = useOverlook(department);
  const told = found.data;
  if (!told) return null;
  const now = Date.parse(told.at);
  return (
    <section className="overlook" aria-label={t('board.over.title')}>
      <h2 className="board-title">{t('board.over.title')}</h2>
      <Queues rows={told.queues} />
      <div className="overlook-both">
        <section aria-label={t('board.over.doors')}>
          <h3>{t('board.over.doors')}</h3>
          <ul className="overlook-list">
            {told.doors.map((one) => (
              <Door key={one.id} door={one} now={now} />
            ))}
          </ul>
        </section>
        <section aria-label={t('board.over.levers')}>
          <h3>{t('board.over.levers')}</h3>
          <Levers told={told} />
          <p className="small soft">
            {told.log_lag_ms === null
              ? t('board.over.nobody_counts')
              : t('board.over.lag', { span: span(language, told.log_lag_ms) })}
            {' · '}
            {t('board.over.at', { time: clockTime(language, now) })}
          </p>
        </section>
      </div>
      <details className="small">
        <summary>{t('board.over.means')}</summary>
        <dl className="overlook-means">
          {DEFINED.map((name) => (
            <div key={name}>
              <dt>{t(`board.over.mean.${name}`)}</dt>
              <dd className="soft">
                {t(`board.over.meaning.${name}`, {
                  n: told.forecast.starts_min,
                  v: told.forecast.version,
                })}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}
