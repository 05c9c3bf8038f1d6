// Everything with this customer, newest first, over all channels and departments; narrowed by filters.

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayName } from '@i18n/format';
import type { TimelineRow } from '@api/types';
import { Async, Empty } from '@ui/Async';
import { Button } from '@ui/Button';
import { Icon } from '@ui/Icon';
import { useTabStop } from '@ui/tabStop';
import { asError } from '@agent/data/act';
import { useLanguage, useNames, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { Age, ChannelMark } from '@agent/parts/Marks';
import { TimelineFilters } from './TimelineFilters';
import { filtered, NO_FILTERS, withDays, type Filters, type Shown } from './timelineRows';

const LINE_PX = 72;
const DAY_PX = 34;
const PATIENCE_MS = 250;

interface Page {
  items: TimelineRow[];
  next_cursor: string | null;
}

function useTimeline(id: string, filters: Filters) {
  const { client } = useWorkspace();
  return useInfiniteQuery({
    queryKey: ['customer', id, 'timeline', filters],
    initialPageParam: '',
    queryFn: ({ pageParam }) =>
      client.get<Page>(`/v1/customers/${id}/timeline`, {
        query: { ...filters, cursor: pageParam },
      }),
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
  });
}

/** What is typed, once the hand has rested. */
function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

function Line({ row, named }: { row: TimelineRow; named: boolean }) {
  const { t } = useTranslation();
  const names = useNames();
  const author = typeof row.author === 'string' ? row.author : (row.author?.name ?? '');
  return (
    <a
      className={`timeline-row timeline-${row.kind}`}
      href={href('case', row.case_id, { item: row.message_id })}
    >
      <span className="timeline-mark">
        {row.kind === 'note' ? (
          <>
            <Icon name="lock" size={13} />
            <span className="sr">{t('customer.kind_note')}</span>
          </>
        ) : (
          <ChannelMark kind={row.channel_kind} size={13} />
        )}
      </span>
      <span className="grow timeline-body">
        <span className="row tiny soft">
          <strong className="cut timeline-author">{author}</strong>
          <span className="cut">{names.department(row.department_id)}</span>
          <span className="grow" />
          {Boolean(row.files) && <Icon name="clip" size={12} />}
          <Age at={row.at} />
        </span>
        {named && <span className="timeline-title cut">{row.title}</span>}
        <span className="timeline-text">{row.preview}</span>
      </span>
    </a>
  );
}

function Rows({ shown, end }: { shown: readonly Shown[]; end: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const box = useRef<HTMLDivElement>(null);
  const stop = useTabStop(box);
  const rows = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: (index) => (shown[index]?.kind === 'day' ? DAY_PX : LINE_PX),
    overscan: 8,
    getItemKey: (index) => shown[index]?.key ?? index,
  });
  const items = rows.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= shown.length - 10) end();
  }, [last, shown.length, end]);
  return (
    <div
      ref={box}
      className="timeline scroll"
      tabIndex={stop ? 0 : undefined}
      role="group"
      aria-label={t('customer.timeline')}
    >
      <div className="timeline-space" style={{ height: rows.getTotalSize() }}>
        {items.map((item) => {
          const one = shown[item.index];
          if (!one) return null;
          return (
            <div
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              className="timeline-slot"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {one.kind === 'day' ? (
                <p className="timeline-day">{dayName(language, one.at)}</p>
              ) : (
                <Line row={one.row} named={one.named} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

export function Timeline({ id }: { id: string }) {
  const { t } = useTranslation();
  const [filters, setFilters] = useState(NO_FILTERS);
  const rested = useRested(filters);
  const query = useTimeline(id, rested);
  const shown = useMemo(
    () => withDays(query.data?.pages.flatMap((page) => page.items) ?? []),
    [query.data],
  );
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const end = useMemo(
    () => () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  const chosen = filtered(rested);
  return (
    <div className="customer-timeline">
      <TimelineFilters filters={filters} onChange={setFilters} />
      <Async
        loading={query.isLoading}
        error={query.data ? null : asError(query.error)}
        stale={(query.isError && Boolean(query.data)) || query.isPlaceholderData}
        retry={() => void query.refetch()}
      >
        {shown.length === 0 ? (
          <Empty
            title={t(chosen ? 'customer.nothing_found' : 'customer.no_timeline')}
            hint={t(chosen ? 'customer.nothing_found_hint' : 'customer.no_timeline_hint')}
            icon={chosen ? 'search' : 'clock'}
            action={
              chosen && (
                <Button small onClick={() => setFilters(NO_FILTERS)}>
                  {t('customer.filters_off')}
                </Button>
              )
            }
          />
        ) : (
          <Rows shown={shown} end={end} />
        )}
      </Async>
    </div>
  );
}
