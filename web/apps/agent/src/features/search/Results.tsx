// What was found: customers first, then messages and cases, each with the words marked.

import { type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { mediumTime } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { Face } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import type { Tier } from '@api/types';
import { Ago, ChannelMark, TierMark } from '@agent/parts/Marks';
import { piece, pieces, type Marked } from './model';

export interface Hit {
  id: string;
  kind: string;
  at: string;
  channel: string;
  author: string;
  title: Marked;
  text: Marked;
  files: Marked[];
  case_id: string;
  reference: string;
  state: string;
  customer: string;
}

export interface Index {
  lag_s: number;
  filling: boolean;
  filling_to: string | null;
}

interface Limit {
  key: string;
  value: string;
  label: string | null;
  excluded: boolean;
  begin: number;
  end: number;
}

export interface Answer {
  /** What was asked: the places of the filters are places of it. */
  line: string;
  items: Hit[];
  customers: { id: string; name: Marked; tier: Tier; addresses: Marked[] }[];
  count: { value: number; more: boolean } | null;
  next_cursor: string | null;
  looked_to: string | null;
  filters: Limit[];
  unknown: { key: string; value: string }[];
  index: Index;
}

const LATE_S = 3;

export function Words({ said }: { said: Marked }) {
  return pieces(said).map((one, at) =>
    one.hit ? <mark key={at}>{one.text}</mark> : <span key={at}>{one.text}</span>,
  );
}

export function Lag({ index }: { index: Index }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const late = index.lag_s >= LATE_S && t('find.late', { count: Math.round(index.lag_s) });
  const back = index.filling_to && mediumTime(language, Date.parse(index.filling_to));
  const filling = index.filling && (back ? t('find.filling_to', { back }) : t('find.filling'));
  return (
    <p className="find-lag tiny" role="status">
      {late && (
        <span>
          <Icon name="clock" size={13} /> {late}
        </span>
      )}
      {filling && (
        <span>
          <Icon name="clock" size={13} /> {filling}
        </span>
      )}
    </p>
  );
}

interface ChipsProps {
  answer: Answer;
  onRemove: (piece: string) => void;
}

export function Chips({ answer, onRemove }: ChipsProps) {
  const { t } = useTranslation();
  return (
    <div className="row wrap find-chips">
      {answer.filters.map((one) => {
        const name = `${one.excluded ? '−' : ''}${one.key}: ${one.label ?? one.value}`;
        return (
          <button
            key={one.begin}
            type="button"
            className={one.label === null ? 'find-chip find-chip-lost' : 'find-chip'}
            aria-label={t('find.remove', { name })}
            onClick={() => onRemove(piece(answer.line, one.begin, one.end))}
          >
            {name}
            <Icon name="close" size={12} />
          </button>
        );
      })}
      {answer.count && (
        <span className="tiny soft" role="status">
          {t(answer.count.more ? 'find.many' : 'find.count', { count: answer.count.value })}
        </span>
      )}
      {answer.unknown.length > 0 && (
        <span className="tiny find-unknown" role="alert">
          {t('find.unknown', { name: answer.unknown.map((one) => one.value).join(', ') })}
        </span>
      )}
    </div>
  );
}

/** Arrows walk from one result to the next, and from the first one back into the line. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('a')];
  const at = links.indexOf(document.activeElement as HTMLElement) + step;
  event.preventDefault();
  if (at < 0) document.querySelector<HTMLElement>('.find-input')?.focus();
  else links[Math.min(at, links.length - 1)]?.focus();
}

function Row({ hit }: { hit: Hit }) {
  const { t } = useTranslation();
  const item = hit.kind === 'case' ? undefined : hit.id;
  return (
    <a className="find-hit" href={href('case', hit.case_id, { item })}>
      <span className="find-what tiny soft">
        <ChannelMark kind={hit.channel} size={14} />
        {t(`find.kind_${hit.kind}`)}
        {hit.author && ` · ${hit.author}`}
        <span className="grow" />
        <span className="figures">{hit.reference}</span>
        <Ago at={hit.at} />
      </span>
      <span className="find-title">
        <Words said={hit.title} />
        <span className="soft"> · {hit.customer}</span>
      </span>
      {hit.text.text && (
        <span className="find-text soft">
          <Words said={hit.text} />
        </span>
      )}
      {hit.files.map((one, at) => (
        <span key={at} className="tiny find-file">
          <Icon name="clip" size={12} />
          <Words said={one} />
        </span>
      ))}
    </a>
  );
}

export function Results({ pages, busy }: { pages: readonly Answer[]; busy: boolean }) {
  const { t } = useTranslation();
  const people = pages[0]?.customers ?? [];
  const looked = pages.at(-1)?.looked_to;
  const language = useLanguage();
  return (
    <div className={busy ? 'find-results find-busy' : 'find-results'} onKeyDown={walk}>
      {people.length > 0 && (
        <ul className="find-people" aria-label={t('word.customers')}>
          {people.map((one) => (
            <li key={one.id}>
              <a className="find-person" href={href('customer', one.id)}>
                <Face name={one.name.text || '?'} />
                <span className="customers-who">
                  <span className="row">
                    <strong className="cut">
                      <Words said={one.name} />
                    </strong>
                    <TierMark tier={one.tier} />
                  </span>
                  <span className="tiny soft cut">
                    {one.addresses[0] && <Words said={one.addresses[0]} />}
                  </span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      <ol className="find-list" aria-label={t('find.results')}>
        {pages.flatMap((page) =>
          page.items.map((hit) => (
            <li key={hit.id}>
              <Row hit={hit} />
            </li>
          )),
        )}
      </ol>
      {looked && (
        <p className="tiny soft" role="status">
          {t('find.looked_to', { back: mediumTime(language, Date.parse(looked)) })}
        </p>
      )}
    </div>
  );
}
