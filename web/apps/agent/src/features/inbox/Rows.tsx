// The virtualised rows: fixed height, one tab stop, arrows walk, order held under the hand.

import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useRef, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Row } from './Row';
import type { ListState } from './useList';

const ROW_PX = 104;
const KEY_HOLD_MS = 1_500;

interface RowsProps {
  list: ListState;
  selected?: string;
  onOpen: (id: string) => void;
}

export function Rows({ list, selected, onOpen }: RowsProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const calm = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { ids, view, more, loadMore } = list;
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
    getItemKey: (index) => ids[index] ?? index,
  });
  const shown = rows.getVirtualItems();
  const last = shown[shown.length - 1]?.index ?? 0;
  useEffect(() => {
    if (more && last >= ids.length - 5) loadMore();
  }, [more, last, ids.length, loadMore]);
  useEffect(() => () => clearTimeout(calm.current), []);
  const open = useCallback((id: string) => onOpen(id), [onOpen]);
  const keys = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    view.hold(true);
    clearTimeout(calm.current);
    calm.current = setTimeout(() => view.hold(false), KEY_HOLD_MS);
    const at = selected ? ids.indexOf(selected) : -1;
    const next = ids[Math.max(0, Math.min(ids.length - 1, at + step))];
    if (!next) return;
    rows.scrollToIndex(ids.indexOf(next));
    onOpen(next);
  };
  return (
    <div
      ref={box}
      className="case-rows scroll"
      role="listbox"
      tabIndex={0}
      aria-label={t('word.cases')}
      aria-activedescendant={
        shown.some((item) => ids[item.index] === selected) ? `row-${selected}` : undefined
      }
      onKeyDown={keys}
      onPointerEnter={() => view.hold(true)}
      onPointerLeave={() => view.hold(false)}
    >
      <div className="case-rows-space" style={{ height: rows.getTotalSize() }}>
        {shown.map((item) => {
          const id = ids[item.index];
          return id ? (
            <div
              key={item.key}
              role="presentation"
              className="case-rows-slot"
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              <Row
                id={id}
                index={item.index}
                total={ids.length}
                selected={id === selected}
                onOpen={open}
              />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}
