// The preview: before and after in one sentence, by queue, the next offers, whose half hour changes.

import { useTranslation } from 'react-i18next';
import type { LeverOffer, LeverPreview, LeverWaits } from '@api/lever';
import { count, span } from '@i18n/format';
import { Empty, Async } from '@ui/Async';
import { Icon } from '@ui/Icon';
import { Banner } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useLanguage, useNames } from '@agent/data/hooks';
import { changedQueues, levelOf, turn, type Turn } from './model';
import { share } from './words';
import type { useForesight } from './useForesight';

const LOOKS: Record<Turn, string> = { better: 'lever-better', worse: 'lever-worse', same: 'soft' };

function useWaitWords(horizon: number): (waits: LeverWaits, all: number) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  return (waits, all) =>
    all > 0 && waits.left === all
      ? t('lever.preview.over', { span: span(language, horizon) })
      : span(language, waits.wait_ms);
}

interface FromToProps {
  before: string;
  after: string;
  way: Turn;
}

function FromTo({ before, after, way }: FromToProps) {
  const { t } = useTranslation();
  return (
    <span className={`figures lever-fromto ${LOOKS[way]}`}>
      {before} <span aria-hidden="true">→</span>
      <span className="sr">{t('lever.preview.then')}</span> <strong>{after}</strong>
      {way !== 'same' && (
        <>
          {' '}
          <span className="tiny">{t(`lever.preview.${way}`)}</span>
        </>
      )}
    </span>
  );
}

function Queues({ preview, chosen }: { preview: LeverPreview; chosen: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const wait = useWaitWords(preview.horizon_ms);
  const rows = changedQueues(preview, chosen);
  if (rows.length === 0) return <p className="small soft">{t('lever.preview.no_change')}</p>;
  return (
    <table className="table lever-table">
      <thead>
        <tr>
          <th scope="col">{t('lever.preview.queue')}</th>
          <th scope="col">{t('lever.preview.waiting')}</th>
          <th scope="col">{t('lever.preview.wait')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one) => (
          <tr key={one.queue_id}>
            <td>{names.queue(one.queue_id)}</td>
            <td className="figures">{count(language, one.waiting)}</td>
            <td>
              <FromTo
                before={wait(one.before, one.waiting)}
                after={wait(one.after, one.waiting)}
                way={turn(one.before, one.after)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Offers({
  title,
  offers,
  before,
}: {
  title: string;
  offers: LeverOffer[];
  before?: LeverOffer[];
}) {
  const { t } = useTranslation();
  const names = useNames();
  const known =
    before && new Map(before.map((one, at) => [one.work_item_id, `${at} ${one.agent_id}`]));
  return (
    <section className="lever-offers" aria-label={title}>
      <h4>{title}</h4>
      {offers.length === 0 ? (
        <p className="small soft">{t('lever.preview.no_offers')}</p>
      ) : (
        <ol>
          {offers.map((one, at) => {
            const moved = known && known.get(one.work_item_id) !== `${at} ${one.agent_id}`;
            return (
              <li key={one.work_item_id} className={moved ? 'lever-moved' : undefined}>
                <span className="cut">
                  {one.reference ?? t('lever.preview.hidden')} · {names.queue(one.queue_id)}
                </span>
                <span className="tiny soft cut">
                  {names.person(one.agent_id)}
                  {moved && <span className="sr"> {t('lever.preview.moved')}</span>}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}

function useShare(): (milli: number) => string {
  const language = useLanguage();
  return (milli) => share(language, milli);
}

function Loads({ preview }: { preview: LeverPreview }) {
  const { t } = useTranslation();
  const names = useNames();
  const part = useShare();
  const shown = preview.loads.slice(0, 5);
  if (shown.length === 0) return null;
  return (
    <section className="lever-loads">
      <h4>
        {t('lever.preview.loads')}{' '}
        <span className="tiny soft">
          {t('lever.preview.affected', { count: preview.affected })}
        </span>
      </h4>
      <ul>
        {shown.map((one) => (
          <li key={one.agent_id} className="row small">
            <span className="grow cut">{names.person(one.agent_id)}</span>
            <span className="figures">
              {part(one.before)} <span aria-hidden="true">→</span>
              <span className="sr">{t('lever.preview.then')}</span> {part(one.after)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Found({ preview, chosen }: { preview: LeverPreview; chosen: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const wait = useWaitWords(preview.horizon_ms);
  const way = turn(preview.before, preview.after);
  return (
    <>
      {preview.needs_two && <Banner tone="warn">{t('lever.preview.needs_two')}</Banner>}
      <p className="lever-sum">
        <span className="small soft">{t('lever.preview.sum', { count: preview.waiting })}</span>
        <FromTo
          before={wait(preview.before, preview.waiting)}
          after={wait(preview.after, preview.waiting)}
          way={way}
        />
        <span className="small soft">
          {t('lever.preview.left', {
            before: count(language, preview.before.left),
            after: count(language, preview.after.left),
          })}
        </span>
      </p>
      <Level preview={preview} />
      <Queues preview={preview} chosen={chosen} />
      <div className="lever-both">
        <Offers title={t('lever.preview.first_before')} offers={preview.first.before} />
        <Offers
          title={t('lever.preview.first_after')}
          offers={preview.first.after}
          before={preview.first.before}
        />
      </div>
      <Loads preview={preview} />
      <p className="tiny soft">
        {t('lever.preview.how', { count: preview.agents })}
        {preview.cut && ` ${t('lever.preview.cut')}`}
      </p>
    </>
  );
}

/** The service level of what waits now, half an hour ahead, with how little is known of few. */
function Level({ preview }: { preview: LeverPreview }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const part = useShare();
  const [before, after] = [levelOf(preview.before), levelOf(preview.after)];
  if (before === undefined || after === undefined) return null;
  const way = before === after ? 'same' : before < after ? 'better' : 'worse';
  const band = ({ band: found }: LeverWaits): string =>
    found ? `${part(found[0])}–${part(found[1])}` : '';
  return (
    <p className="lever-sum">
      <span className="small soft">
        {t('lever.preview.level', { n: count(language, preview.after.judged) })}
      </span>
      <span className={`figures lever-fromto ${LOOKS[way]}`}>
        {part(before)} <span aria-hidden="true">→</span>
        <span className="sr">{t('lever.preview.then')}</span> <strong>{part(after)}</strong>
      </span>
      <span className="tiny soft">
        {t('lever.preview.band', { before: band(preview.before), after: band(preview.after) })}
      </span>
    </p>
  );
}

interface PreviewProps {
  found: ReturnType<typeof useForesight>;
  chosen: string;
}

export function Preview({ found, chosen }: PreviewProps) {
  const { t } = useTranslation();
  return (
    <section
      className="lever-preview"
      aria-label={t('lever.preview.title')}
      aria-busy={found.behind}
    >
      <h3 className="row">
        <Icon name="eye" size={15} /> <span className="grow">{t('lever.preview.title')}</span>
        {found.behind && <span className="tiny soft">{t('lever.preview.looking')}</span>}
      </h3>
      {found.missing ? (
        <Empty title={t('lever.preview.missing')} icon="eye" />
      ) : (
        <Async
          loading={!found.data && !found.error}
          error={asError(found.error)}
          retry={found.again}
          empty={found.data?.waiting === 0 && found.data.first.before.length === 0}
          nothing={{
            title: t('lever.preview.calm'),
            hint: t('lever.preview.calm_hint'),
            icon: 'check',
          }}
        >
          {found.data && (
            <div className={found.behind ? 'lever-found lever-behind' : 'lever-found'}>
              <Found preview={found.data} chosen={chosen} />
            </div>
          )}
        </Async>
      )}
    </section>
  );
}
