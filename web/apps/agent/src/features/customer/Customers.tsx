// All customers: half a name without diacritics finds, three orders, pages that come as one scrolls.

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRow } from '@api/types';
import { Async } from '@ui/Async';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { asError } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { go, href, useRoute } from '@agent/data/router';
import { CustomerRows } from './CustomerRows';
import { Pill } from './TimelineFilters';

const SORTS = ['recent', 'name', 'first'] as const;
const TIERS = ['vip', 'priority', 'standard'] as const;
const PATIENCE_MS = 250;

interface Page {
  items: CustomerRow[];
  next_cursor: string | null;
}

interface Wish {
  q: string;
  sort: string;
  tier: string;
}

function useList(wish: Wish) {
  const { client } = useWorkspace();
  return useInfiniteQuery({
    queryKey: ['customers', wish],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      client.get<Page>('/v1/customers', { query: { ...wish, cursor: pageParam } }),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** The wish stands in the address, so that a colleague can be sent what one sees. */
function useWish(): [Wish, (part: Partial<Wish>) => void] {
  const { query } = useRoute();
  const wish = {
    q: query.get('q') ?? '',
    sort: query.get('sort') ?? 'recent',
    tier: query.get('tier') ?? '',
  };
  const set = (part: Partial<Wish>): void => {
    const next = { ...wish, ...part };
    go(href('customers', { ...next, sort: next.sort === 'recent' ? '' : next.sort }), true);
  };
  return [wish, set];
}

function Finder({ value, onChange }: { value: string; onChange: (words: string) => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState(value);
  useEffect(() => {
    if (words.trim() === value) return undefined;
    const timer = setTimeout(() => onChange(words.trim()), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [words, value, onChange]);
  return (
    <span className="finder customers-finder">
      <Icon name="search" size={15} />
      <input
        type="search"
        className="finder-input"
        aria-label={t('customers.search')}
        placeholder={t('customers.search')}
        value={words}
        maxLength={200}
        onChange={(event) => setWords(event.target.value)}
      />
    </span>
  );
}

export function Customers() {
  const { t } = useTranslation();
  const [wish, set] = useWish();
  const query = useList(wish);
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = Boolean(wish.q || wish.tier);
  return (
    <div className="customers">
      <header className="customers-head">
        <h1>{t('word.customers')}</h1>
        <div className="customers-tools" role="search" aria-label={t('customers.find')}>
          <Finder value={wish.q} onChange={(q) => set({ q })} />
          <Pill
            label={t('customer.tier')}
            all={t('customers.all_tiers')}
            value={wish.tier}
            options={TIERS.map((tier) => [tier, t(`tier.${tier}`)] as const)}
            onChange={(tier) => set({ tier })}
          />
          <span className="customer-choice">
            <select
              aria-label={t('customers.sort')}
              value={wish.sort}
              onChange={(event) => set({ sort: event.target.value })}
            >
              {SORTS.map((sort) => (
                <option key={sort} value={sort}>
                  {t(`customers.sort_${sort}`)}
                </option>
              ))}
            </select>
            <Icon name="down" size={12} />
          </span>
        </div>
      </header>
      <Async
        loading={query.isLoading}
        error={query.data ? null : asError(query.error)}
        empty={rows.length === 0}
        stale={query.isError && Boolean(query.data)}
        retry={() => void query.refetch()}
        nothing={{
          title: t(narrowed ? 'customer.nothing_found' : 'customers.none'),
          hint: t(narrowed ? 'customers.nothing_hint' : 'customers.none_hint'),
          icon: narrowed ? 'search' : 'users',
          action: narrowed && (
            <Button small onClick={() => go(href('customers'), true)}>
              {t('customer.filters_off')}
            </Button>
          ),
        }}
      >
        <CustomerRows
          rows={rows}
          end={() => {
            if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
          }}
        />
      </Async>
    </div>
  );
}
