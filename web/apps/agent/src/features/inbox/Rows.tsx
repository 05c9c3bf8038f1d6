// The virtualised rows: fixed height, one tab stop, keys walk and choose, order held under the hand.

import { useVirtualizer } from '@tanstack/react-virtual';
import {
  useCallback,
  useEffect,
  useRef,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
} from 'react';
import { useTranslation } from 'react-i18next';
import { useSettings } from '@agent/data/settings';
import { useCommand } from '@agent/parts/commands';
import { Row } from './Row';
import type { ListState } from './useList';
import type { Selection } from './useSelection';

const ROW_PX: Readonly<Record<string, number>> = { comfortable: 76, cosy: 60, compact: 44 };
const KEY_HOLD_MS = 1_500;
const EDITABLE = 'input, textarea, select, [contenteditable="true"]';

interface RowsProps {
  list: ListState;
  selected?: string;
  selection: Selection;
  /** How many there are in all pages, when it is known. */
  total: number | undefined;
  onOpen: (id: string) => void;
}

/** The height of a row: the density's, grown with the letters. */
function useRowHeight(): number {
  const { density, font_scale } = useSettings().settings;
  return Math.round(((ROW_PX[density] ?? 76) * Math.max(font_scale, 100)) / 100);
}

/** Holds the order while the pointer is over the list or a key was pressed a moment ago. */
function useHold(view: ListState['view']) {
  const over = useRef(false);
  const calm = useRef<ReturnType<typeof setTimeout>>(undefined);
  const keyed = useCallback((): void => {
    view.hold(true);
    clearTimeout(calm.current);
    calm.current = setTimeout(() => {
      calm.current = undefined;
      if (!over.current) view.hold(false);
    }, KEY_HOLD_MS);
  }, [view]);
  const pointed = useCallback(
    (here: boolean): void => {
      over.current = here;
      if (here || calm.current === undefined) view.hold(here);
    },
    [view],
  );
  useEffect(() => {
    // Writing in a field is no hand on the list: hours of it would hold the list for hours.
    const press = (event: globalThis.KeyboardEvent): void => {
      const typed = event.target instanceof Element && event.target.closest(EDITABLE);
      if (!typed) keyed();
    };
    window.addEventListener('keydown', press);
    return () => {
      window.removeEventListener('keydown', press);
      clearTimeout(calm.current);
      calm.current = undefined;
    };
  }, [keyed]);
  return pointed;
}

/** The rows in view, and some beyond; all are equally high. */
function useSlots(ids: readonly string[], height: number, box: RefObject<HTMLDivElement | null>) {
  return useVirtualizer({
    count: ids.length,
    getScrollElement: () => box.current,
    estimateSize: useCallback(() => height, [height]),
    overscan: 3,
    // the same function for the same rows: another one has all of them measured anew
    getItemKey: useCallback((index: number) => ids[index] ?? index, [ids]),
  });
}

export function Rows({ list, selected, selection, total, onOpen }: RowsProps) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const { ids, view, more, loadMore } = list;
  const height = useRowHeight();
  const rows = useSlots(ids, height, box);
  useEffect(() => rows.measure(), [rows, height]);
  const pointed = useHold(view);
  const shown = rows.getVirtualItems();
  const last = shown[shown.length - 1]?.index ?? 0;
  useEffect(() => {
    if (more && last >= ids.length - 40) loadMore();
  }, [more, last, ids.length, loadMore]);
  const { has, toggle, reach, add } = selection;
  /** Keys may come faster than screens: the next one goes on from where the last one went. */
  const here = useRef(selected);
  useEffect(() => {
    here.current = selected;
  }, [selected]);
  /** Whoever comes to the edge sees what follows: the list goes on by half a view, not row by row. */
  const reveal = (index: number): void => {
    const from = rows.scrollOffset ?? 0;
    const seen = rows.scrollRect?.height ?? 0;
    const whole = index * height >= from && (index + 1) * height <= from + seen;
    if (!whole) rows.scrollToIndex(index, { align: 'center' });
  };
  const walk = (by: number): string | undefined => {
    const from = here.current;
    const at = from ? view.indexOf(from) : -1;
    const next = Math.max(0, Math.min(ids.length - 1, at + by));
    const id = ids[next];
    if (!id) return undefined;
    reveal(next);
    here.current = id;
    if (id !== from) onOpen(id);
    return id;
  };
  const stretch = (by: number): void => {
    if (here.current) add(here.current);
    const next = walk(by);
    if (next) add(next);
  };
  useCommand('next', () => walk(1));
  useCommand('previous', () => walk(-1));
  useCommand('select', () => here.current && toggle(here.current), {
    when: selected !== undefined,
  });
  useCommand('select_next', () => stretch(1));
  useCommand('select_previous', () => stretch(-1));
  const press = useCallback(
    (id: string, event: MouseEvent): void => {
      if (event.shiftKey) reach(id);
      else if (event.metaKey || event.ctrlKey) toggle(id);
      else onOpen(id);
    },
    [reach, toggle, onOpen],
  );
  const keys = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((box.current?.clientHeight ?? height) / height) - 1);
    const by: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -ids.length,
      End: ids.length,
    };
    const move = by[event.key];
    if (move === undefined) return;
    event.preventDefault();
    if (event.shiftKey && Math.abs(move) === 1) stretch(move);
    else walk(move);
  };
  return (
    <div
      ref={box}
      className="case-rows scroll"
      role="listbox"
      tabIndex={0}
      aria-label={t('word.cases')}
      aria-multiselectable="true"
      aria-activedescendant={
        shown.some((item) => ids[item.index] === selected) ? `row-${selected}` : undefined
      }
      onKeyDown={keys}
      onPointerEnter={() => pointed(true)}
      onPointerLeave={() => pointed(false)}
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
                total={more ? (total ?? -1) : ids.length}
                current={id === selected}
                picked={has(id)}
                picking={selection.size > 0}
                onPress={press}
                onMark={toggle}
              />
            </div>
          ) : null;
        })}
      </div>
    </div>
  );
}
