// Where what is known of a customer comes from: records, shown values, decisions; each decision can be taken back.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count, mediumDate } from '@i18n/format';
import type { Customer, Origin, OriginLink, OriginRecord } from '@api/types';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { Chip } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { ChannelMark } from '@agent/parts/Marks';
import { may } from '@agent/parts/rights';
import { useFields } from './fields';
import { useMatch } from './useMatch';
import './match.css';

/** Who says it: people of ours, or whoever wrote by a channel. */
function useSource(): (one: OriginRecord) => string {
  const { t } = useTranslation();
  return (one) =>
    one.source === 'desk'
      ? one.by
        ? t('match.by_us', { name: one.by })
        : t('match.by_desk')
      : one.addresses[0] || one.name || t('customer.unnamed');
}

function Records({ records }: { records: readonly OriginRecord[] }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const source = useSource();
  return (
    <ul className="stack-tight">
      {records.map((one) => (
        <li key={one.id} className="row small">
          {one.source === 'desk' ? (
            <Icon name="edit" size={15} />
          ) : (
            <ChannelMark kind={one.source} />
          )}
          <span className="grow match-lines">
            <span className="cut">{source(one)}</span>
            <span className="tiny soft cut">
              {[
                one.source !== 'desk' && one.name !== source(one) && one.name,
                t('customer.since', { when: mediumDate(language, Date.parse(one.at)) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
          {one.cases > 0 && (
            <Chip>{t('match.cases', { count: one.cases, n: count(language, one.cases) })}</Chip>
          )}
        </li>
      ))}
    </ul>
  );
}

function Values({ origin }: { origin: Origin }) {
  const { t } = useTranslation();
  const { named, said } = useFields();
  const source = useSource();
  const from = (id: string): string => {
    const found = origin.records.find((one) => one.id === id);
    return found ? source(found) : '';
  };
  return (
    <ul className="stack-tight">
      {origin.fields.map((one) => (
        <li key={one.field} className="match-field">
          <span className="small soft">{named(one.field)}</span>
          <span>
            <strong>{said(one.field, one.value)}</strong>{' '}
            <span className="tiny soft">
              {[from(one.record), one.why !== 'pin' && t(`match.why.${one.why}`)]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </span>
          {one.others.length > 0 && (
            <span className="small soft">
              {t('match.instead', {
                value: one.others.map((rest) => said(one.field, rest.value)).join(', '),
              })}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function Decision({ link }: { link: OriginLink }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { me } = useWorkspace();
  const { busy, revoke } = useMatch();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const day = (at: string): string => mediumDate(language, Date.parse(at));
  const back = async (): Promise<void> => {
    if (await revoke(link, reason.trim())) setAsking(false);
  };
  return (
    <li className="match-decision">
      <div className="row">
        <Icon name={link.verdict === 'same' ? 'merge' : 'split'} size={15} />
        <span className="grow match-lines">
          <span className={link.revoked_at ? 'match-over' : undefined}>
            {t(`match.decided.${link.verdict}`, { name: link.other ?? '' })}
          </span>
          <span className="tiny soft cut">
            {[link.by, day(link.at), link.reason].filter(Boolean).join(' · ')}
          </span>
          {link.revoked_at && (
            <span className="tiny soft cut">
              {[t('match.was_taken_back'), link.revoked_by, day(link.revoked_at), link.revoked_why]
                .filter(Boolean)
                .join(' · ')}
            </span>
          )}
        </span>
        {!link.revoked_at && !asking && may(me, 'merge') && (
          <Button small icon="undo" onClick={() => setAsking(true)}>
            {t('match.take_back')}
          </Button>
        )}
      </div>
      {asking && (
        <form
          className="match-asking"
          onSubmit={(event) => {
            event.preventDefault();
            void back();
          }}
        >
          <TextField
            autoFocus
            label={t('match.reason')}
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
          <Button small onClick={() => setAsking(false)}>
            {t('ui.cancel')}
          </Button>
          <Button small type="submit" look="primary" icon="undo" busy={busy}>
            {t('match.take_back')}
          </Button>
        </form>
      )}
    </li>
  );
}

export function OriginDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['customer', customer.id, 'why'],
    queryFn: () => client.get<Origin>(`/v1/customers/${customer.id}/why`),
  });
  const origin = query.data;
  return (
    <Dialog
      wide
      title={t('match.origin_title')}
      onClose={onClose}
      actions={<Button onClick={onClose}>{t('ui.close')}</Button>}
    >
      <Async
        loading={query.isLoading}
        error={origin ? null : asError(query.error)}
        stale={query.isError && Boolean(origin)}
        retry={() => void query.refetch()}
      >
        {origin && (
          <>
            <section>
              <h3 className="match-title">{t('match.records')}</h3>
              <Records records={origin.records} />
            </section>
            {origin.fields.length > 0 && (
              <section>
                <h3 className="match-title">{t('match.values')}</h3>
                <Values origin={origin} />
              </section>
            )}
            <section>
              <h3 className="match-title">{t('match.decisions')}</h3>
              {origin.links.length === 0 ? (
                <p className="small soft">{t('match.no_decisions')}</p>
              ) : (
                <ul className="stack-tight">
                  {origin.links.map((link) => (
                    <Decision key={link.id} link={link} />
                  ))}
                </ul>
              )}
            </section>
          </>
        )}
      </Async>
    </Dialog>
  );
}
