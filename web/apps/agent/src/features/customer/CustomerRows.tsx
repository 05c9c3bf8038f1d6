// The virtualised rows of the list of customers: one tab stop, arrows walk, Enter opens.

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGE_NAMES, supported } from '@i18n/index';
import { count } from '@i18n/format';
import type { CustomerRow } from '@api/types';
import { Chip, Face } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { Ago, ChannelMark, TierMark } from '@agent/parts/Marks';

const ROW_PX = 60;

function Row({ row }: { row: CustomerRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const spoken = supported(row.language);
  return (
    <>
      <Face name={row.name || '?'} />
      <span className="customers-who">
        <span className="row">
          <strong className="cut">{row.name || t('customer.unnamed')}</strong>
          <TierMark tier={row.tier} />
        </span>
        <span className="tiny soft cut">{row.addresses.join(' · ')}</span>
      </span>
      <span className="customers-channels only-wide">
        {row.channels.map((kind) => (
          <ChannelMark key={kind} kind={kind} size={15} />
        ))}
      </span>
      <span className="small soft only-wide customers-language">
        {spoken ? LANGUAGE_NAMES[spoken] : (row.language ?? '')}
      </span>
      <span className="customers-cases">
        {row.open_cases > 0 && (
          <Chip tone="accent">{t('customer.open_count', { count: row.open_cases })}</Chip>
        )}
        <span className="tiny soft figures only-wide">
          {t('customers.cases', { count: row.cases, shown: count(language, row.cases) })}
        </span>
      </span>
      <span className="tiny soft customers-seen">
        {row.last_seen ? <Ago at={row.last_seen} /> : t('customers.never')}
      </span>
    </>
  );
}

export function CustomerRows({ rows, end }: { rows: readonly CustomerRow[]; end: () => void }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(0);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const shown = list.getVirtualItems();
  const last = shown[shown.length - 1]?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 10) end();
  });
  const open = (index: number): void => {
    const row = rows[index];
    if (row) go(href('customer', row.id));
  };
  const keys = (event: KeyboardEvent): void => {
    const steps: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
    };
    const next = steps[event.key];
    if (event.key === 'Enter') open(at);
    if (next === undefined) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(rows.length - 1, next));
    setAt(to);
    list.scrollToIndex(to);
  };
  const active = shown.some((item) => item.index === at) ? `customer-${rows[at]?.id}` : undefined;
  return (
    <div
      ref={box}
      className="customers-rows scroll"
      role="listbox"
      tabIndex={0}
      aria-label={t('word.customers')}
      aria-activedescendant={active}
      onKeyDown={keys}
    >
      <div className="timeline-space" style={{ height: list.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index];
          return row ? (
            <div
              key={item.key}
              id={`customer-${row.id}`}
              role="option"
              aria-selected={item.index === at}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              className="customers-row"
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              onClick={() => open(item.index)}
            >
              <Row row={row} />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}
