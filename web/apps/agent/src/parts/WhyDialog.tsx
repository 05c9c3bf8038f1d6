// Why this queue, why this agent, why still waiting: the stored reasons, in words and numbers.

import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { WhyAnswer, WorkItem } from '@api/types';
import { Async, Empty } from '@ui/Async';
import { Dialog } from '@ui/Dialog';
import { Chip } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useNames, useWorkspace } from '@agent/data/hooks';
import { Ago, ChannelMark } from '@agent/parts/Marks';
import { reason, whyMe } from '@agent/parts/reasons';

const TONES = {
  accepted: 'good',
  declined: 'warn',
  missed: 'bad',
  withdrawn: 'plain',
  offered: 'accent',
} as const;

type Asked = WhyAnswer['offers'][number];

interface Lost {
  id: string | null;
  term: string;
  by: number;
}

/** The best who were not asked, with the term that cost them most; of agents only, and for who leads. */
function Losers({ why }: { why: WhyAnswer['queue'] }) {
  const { t } = useTranslation();
  const names = useNames();
  const all = why.side === 'arrival' && Array.isArray(why.lost) ? (why.lost as Lost[]) : [];
  const known = all.filter((one) => one.id && names.person(one.id));
  if (known.length === 0) return null;
  return (
    <p className="small soft">
      {t('trace.behind')}{' '}
      {known
        .map(
          (one) =>
            `${names.person(one.id)} (${t(`trace.term.${one.term}`, { defaultValue: one.term })})`,
        )
        .join(', ')}
    </p>
  );
}

function OfferLine({ offer }: { offer: Asked }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <li className="why-offer">
      <div className="row">
        <strong className="grow cut">
          {offer.agent_id ? names.person(offer.agent_id) : t('why.colleague')}
        </strong>
        <Chip tone={TONES[offer.state]}>{t(`offer.state.${offer.state}`)}</Chip>
        <span className="tiny soft">
          <Ago at={offer.made_at} />
        </span>
      </div>
      <p className="small soft">{whyMe(offer.why ?? {}, t, names).join(' · ')}</p>
      <Losers why={offer.why ?? {}} />
      {offer.reason && (
        <p className="small soft">
          {t(`decline.${offer.reason}`, { defaultValue: offer.reason.replaceAll('_', ' ') })}
        </p>
      )}
    </li>
  );
}

function Waiting({ why }: { why: WhyAnswer }) {
  const { t } = useTranslation();
  const names = useNames();
  const { waiting } = why;
  const list = Array.isArray(waiting) ? waiting : waiting ? [waiting] : [];
  const blockers = list.flatMap((one) =>
    typeof one === 'object' && Array.isArray(one.blockers) && one.blockers.length > 0
      ? (one.blockers as unknown[])
      : [one],
  );
  if (blockers.length === 0) return <p className="small soft">{t('why.not_waiting')}</p>;
  return (
    <ul className="bullets">
      {blockers.map((one, index) => (
        <li key={index}>{reason(one, t, names)}</li>
      ))}
    </ul>
  );
}

/** What the router did besides asking people; moves of people stand in the history. */
function Trace({ trace }: { trace: WhyAnswer['trace'] }) {
  const { t } = useTranslation();
  const names = useNames();
  const done = trace.filter((one) => !one.code.includes('.'));
  if (done.length === 0) return null;
  return (
    <>
      <h4>{t('why.title_trace')}</h4>
      <ul className="stack-tight">
        {done.map((one) => (
          <li key={`${one.at} ${one.code}`} className="row small">
            <span className="grow">
              {t(`trace.${one.code}`, {
                ...one.facts,
                from: names.queue(String(one.facts.from ?? '')),
                defaultValue: one.code.replaceAll('_', ' '),
              })}
            </span>
            <span className="tiny soft">
              <Ago at={one.at} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

interface WhyOfProps {
  id: string;
  version: number;
}

/** Why it still waits, whom it was offered to and why, what was done in between. */
export function WhyOf({ id, version }: WhyOfProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['why', id, version],
    queryFn: () => client.get<WhyAnswer>(`/v1/work_items/${id}/why`),
    staleTime: 0,
  });
  return (
    <Async
      loading={query.isLoading}
      error={asError(query.error)}
      retry={() => void query.refetch()}
    >
      {query.data?.waiting && (
        <>
          <h4>{t('why.title_waiting')}</h4>
          <Waiting why={query.data} />
        </>
      )}
      <h4>{t('why.title_agent')}</h4>
      {query.data?.offers && query.data.offers.length > 0 ? (
        <ul className="stack-tight">
          {query.data.offers.map((offer) => (
            <OfferLine key={offer.id} offer={offer} />
          ))}
        </ul>
      ) : (
        <p className="small soft">{t('why.no_offers')}</p>
      )}
      {query.data && <Trace trace={query.data.trace} />}
    </Async>
  );
}

function Item({ item }: { item: WorkItem }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <section className="stack">
      <div className="row">
        <ChannelMark kind={item.channel_kind} />
        <h3 className="grow">{names.queue(item.queue_id)}</h3>
        <Chip>{t(`work.state.${item.state}`)}</Chip>
      </div>
      <div>
        <h4>{t('why.title_queue')}</h4>
        <p className="small">{reason(item.why_queue, t, names)}</p>
        {item.requirements.length > 0 && (
          <div className="row wrap">
            {item.requirements.map((need) => (
              <Chip key={need.skill} icon="skill">
                {names.skill(need.skill)} {need.min_level ? `≥ ${need.min_level}` : ''}
              </Chip>
            ))}
          </div>
        )}
      </div>
      <WhyOf id={item.id} version={item.version} />
    </section>
  );
}

export function WhyDialog({ work, onClose }: { work: readonly WorkItem[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog wide title={t('action.why')} onClose={onClose}>
      {work.length === 0 ? (
        <Empty title={t('why.no_work')} icon="question" />
      ) : (
        work.map((item) => <Item key={item.id} item={item} />)
      )}
    </Dialog>
  );
}
