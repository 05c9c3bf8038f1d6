// What is promised of a Case: its clocks with the policy they keep and those that lost, the law,
// what has been escalated, and what place and pace foresee.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case, SlaClock } from '@api/types';
import { dayTime, mediumTime, span } from '@i18n/format';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Chip } from '@ui/Small';
import { asError, useAct } from '@agent/data/act';
import { useLanguage, useNames, useNow, useWorkspace } from '@agent/data/hooks';
import { ExtendDialog, LawDialog, SetDialog } from './PromiseDialogs';
import './promises.css';

interface Named {
  id: string;
  name: string;
}

interface Loser {
  id: string | null;
  name: string;
  level: string;
  target_ms: number;
}

interface Kept extends SlaClock {
  id: string;
  level: string;
  policy: Named | null;
  losers: Loser[];
  calendar: Named | null;
  escalation: Named | null;
  escalate_at: string | null;
}

interface Run {
  id: string;
  at: string;
  action: string;
  round: number;
  outcome: Record<string, unknown>;
  answerable: boolean;
  ack_at: string | null;
  ack_by: string | null;
}

interface Told {
  clocks: Kept[];
  hand: (Named & { reason: string; by: string | null }) | null;
  legal: { template: string; due_at: string; extended: boolean } | null;
  runs: Run[];
  foreseen: { place: number; at: string | null; late_s: number | null } | null;
}

const LIVE = new Set(['running', 'paused', 'breached']);

/** What still runs first, the earliest deadline on top. */
const inOrder = (clocks: readonly Kept[]): Kept[] =>
  [...clocks].sort(
    (a, b) =>
      Number(LIVE.has(b.state)) - Number(LIVE.has(a.state)) ||
      ((a.due_at ?? '~') < (b.due_at ?? '~') ? -1 : 1),
  );

function Clock({ clock }: { clock: Kept }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(60_000);
  const facts = {
    target: span(language, clock.target_ms),
    used: span(language, clock.consumed_ms),
    time: clock.due_at ? dayTime(language, Date.parse(clock.due_at), now) : '',
  };
  const level = t(`targets.level.${clock.level}`, { defaultValue: clock.level });
  return (
    <li className="promise">
      <span className="row wrap">
        <strong>{t(`sla.${clock.type}`)}</strong>
        <span className="small">{t(`sla.explain.${clock.state}`, facts)}</span>
      </span>
      <span className="row wrap tiny soft">
        <span>
          {clock.policy ? t('targets.by', { policy: clock.policy.name, level }) : level}
          {clock.calendar && ` · ${clock.calendar.name}`}
        </span>
        {clock.escalation && clock.escalate_at && (
          <span>
            {t('targets.climbs', {
              ladder: clock.escalation.name,
              time: dayTime(language, Date.parse(clock.escalate_at), now),
            })}
          </span>
        )}
      </span>
      {clock.losers.length > 0 && LIVE.has(clock.state) && (
        <span className="tiny soft">
          {t('targets.lost', {
            list: clock.losers
              .map(
                (one) =>
                  `${one.name || t(`targets.level.${one.level}`)} (${span(language, one.target_ms)})`,
              )
              .join(', '),
          })}
        </span>
      )}
    </li>
  );
}

function Rung({ run, reload }: { run: Run; reload: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const { client } = useWorkspace();
  const { busy, run: act } = useAct();
  const queue = typeof run.outcome.queue_id === 'string' ? names.queue(run.outcome.queue_id) : '';
  const ladder = typeof run.outcome.ladder === 'string' ? run.outcome.ladder : '';
  return (
    <li className="row wrap">
      <span className="grow small">
        {ladder}: {t(`escalation.action.${run.action}`)} {queue}{' '}
        <span className="tiny soft">{mediumTime(language, Date.parse(run.at))}</span>
      </span>
      {run.ack_at && (
        <Chip tone="good" icon="check">
          {t('escalation.has_it', { name: names.person(run.ack_by) })}
        </Chip>
      )}
      {run.answerable && (
        <Button
          small
          look="primary"
          busy={busy}
          onClick={() =>
            void act(async () => {
              await client.post(`/v1/escalation_runs/${run.id}/acknowledge`);
              await reload();
            }, t('escalation.acknowledged'))
          }
        >
          {t('escalation.i_have_it')}
        </Button>
      )}
    </li>
  );
}

function Law({ legal, onExtend }: { legal: NonNullable<Told['legal']>; onExtend?: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <p className="row wrap small">
      <span className="grow">
        {t('law.until', {
          law: t(`law.${legal.template}`, { defaultValue: legal.template.replaceAll('_', ' ') }),
          time: mediumTime(language, Date.parse(legal.due_at)),
        })}
        {legal.extended && <span className="soft"> {t('law.is_extended')}</span>}
      </span>
      {onExtend && !legal.extended && (
        <Button small look="quiet" onClick={onExtend}>
          {t('law.extend')}
        </Button>
      )}
    </p>
  );
}

export function Promises({ found, may }: { found: Case; may: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client } = useWorkspace();
  const [open, setOpen] = useState<'set' | 'extend' | 'law'>();
  const query = useQuery({
    queryKey: ['case-sla', found.id, found.version],
    queryFn: () => client.get<Told>(`/v1/cases/${found.id}/sla`),
    placeholderData: (before) => before,
  });
  const told = query.data;
  const reload = (): Promise<unknown> => query.refetch();
  const late = told?.foreseen?.late_s ?? 0;
  return (
    <section className="promises" aria-label={t('targets.of_case')}>
      <Async
        loading={query.isLoading}
        error={told ? null : asError(query.error)}
        retry={() => void query.refetch()}
      >
        <ul className="plain-list stack-tight">
          {inOrder(told?.clocks ?? []).map((clock) => (
            <Clock key={clock.id} clock={clock} />
          ))}
        </ul>
        {told?.foreseen && late > 0 && (
          <p className="small promise-late">
            {t('targets.foreseen', {
              place: told.foreseen.place,
              time: span(language, late * 1000),
            })}
          </p>
        )}
        {told?.hand && (
          <p className="small soft">
            {t('targets.by_hand', {
              policy: told.hand.name,
              name: told.hand.by ?? '',
              reason: told.hand.reason,
            })}
          </p>
        )}
        {told?.legal && (
          <Law legal={told.legal} onExtend={may ? () => setOpen('extend') : undefined} />
        )}
        {told && told.runs.length > 0 && (
          <ul className="plain-list stack-tight" aria-label={t('escalation.so_far')}>
            {told.runs.map((one) => (
              <Rung key={one.id} run={one} reload={reload} />
            ))}
          </ul>
        )}
        {may && (
          <span className="row wrap promise-acts">
            <button type="button" className="link-button small" onClick={() => setOpen('set')}>
              {t('targets.set')}
            </button>
            <button type="button" className="link-button small" onClick={() => setOpen('law')}>
              {t('law.set')}
            </button>
          </span>
        )}
      </Async>
      {open === 'set' && (
        <SetDialog
          found={found}
          now={told?.hand?.id ?? ''}
          onClose={() => setOpen(undefined)}
          reload={reload}
        />
      )}
      {open === 'law' && (
        <LawDialog
          found={found}
          now={told?.legal?.template ?? ''}
          onClose={() => setOpen(undefined)}
          reload={reload}
        />
      )}
      {open === 'extend' && (
        <ExtendDialog found={found} onClose={() => setOpen(undefined)} reload={reload} />
      )}
    </section>
  );
}
