// Joining a customer with another: find him, look at what it would do, give a reason; or say that they are two.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer, MatchAhead, SearchAnswer, Verdict } from '@api/types';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { asError } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { TierMark } from '@agent/parts/Marks';
import { Ahead } from './Ahead';
import { useMatch } from './useMatch';
import './match.css';

const SHOWN = 8;
const SEARCH = '/v1/search/suggestions';
type Found = SearchAnswer['customers'][number] & { addresses?: string[] };

function Line({ one }: { one: Found }) {
  const { t } = useTranslation();
  return (
    <>
      <span className="grow match-lines">
        <span className="cut choice-title">{one.name || t('customer.unnamed')}</span>
        <span className="tiny soft cut">{(one.addresses ?? []).join(' · ')}</span>
      </span>
      <TierMark tier={one.tier} />
    </>
  );
}

interface FindProps {
  customer: Customer;
  choose: (one: Found) => void;
}

function Find({ customer, choose }: FindProps) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const [text, setText] = useState(customer.name);
  const words = text.trim();
  const query = useQuery({
    queryKey: ['search', words],
    queryFn: () => client.get<SearchAnswer>(SEARCH, { query: { q: words } }),
    enabled: words.length > 1,
  });
  const people: Found[] = (query.data?.customers ?? []).filter((one) => one.id !== customer.id);
  return (
    <>
      <p className="soft">{t('match.hint')}</p>
      <TextField
        data-first
        label={t('match.find')}
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        retry={() => void query.refetch()}
        empty={people.length === 0}
        nothing={{ title: t('match.nobody'), hint: t('match.nobody_hint'), icon: 'search' }}
      >
        <ul className="stack-tight" aria-label={t('match.other')}>
          {people.slice(0, SHOWN).map((one) => (
            <li key={one.id}>
              <button type="button" className="choice match-choice" onClick={() => choose(one)}>
                <Line one={one} />
              </button>
            </li>
          ))}
        </ul>
      </Async>
    </>
  );
}

export function JoinDialog({ customer, onClose }: { customer: Customer; onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, decide } = useMatch();
  const [other, setOther] = useState<Found>();
  const [reason, setReason] = useState('');
  const pair = { a: customer.id, b: other?.id ?? '' };
  const query = useQuery({
    queryKey: ['match', pair.a, pair.b],
    queryFn: () =>
      client.post<MatchAhead>('/v1/matches', {
        body: { ...pair, verdict: 'same', dry_run: true },
      }),
    enabled: Boolean(other),
    retry: false,
    gcTime: 0,
  });
  const ready = Boolean(other) && query.isSuccess && !query.isFetching;
  const say = async (verdict: Verdict): Promise<void> => {
    if (await decide({ ...pair, verdict, reason: reason.trim() })) onClose();
  };
  return (
    <Dialog
      wide
      title={t('match.title')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button disabled={!ready || busy} onClick={() => void say('different')}>
            {t('match.different')}
          </Button>
          <Button
            look="primary"
            icon="merge"
            busy={busy}
            disabled={!ready}
            onClick={() => void say('same')}
          >
            {t('match.confirm')}
          </Button>
        </>
      }
    >
      {!other && <Find customer={customer} choose={setOther} />}
      {other && (
        <div className="row match-chosen">
          <Line one={other} />
          <Button autoFocus small icon="search" onClick={() => setOther(undefined)}>
            {t('match.another')}
          </Button>
        </div>
      )}
      {other && (
        <Async
          loading={query.isLoading}
          error={asError(query.error)}
          retry={() => void query.refetch()}
        >
          {query.data && (
            <>
              <Ahead ahead={query.data} />
              <TextField
                label={t('match.reason')}
                hint={t('match.reason_hint')}
                value={reason}
                maxLength={500}
                onChange={(event) => setReason(event.target.value)}
              />
            </>
          )}
        </Async>
      )}
    </Dialog>
  );
}
