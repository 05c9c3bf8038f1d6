// The window of a long stream: which lines are mounted, and the line under the eye stays there.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { Heights, LOW_PX, USUAL_PX, WHOLE, type Range } from './heights';

const END_PX = 48;
const EDGE_PX = 500;
/** A jump far away settles in steps: what is mounted there gets its true height first. */
const LANDING_MS = [20, 80, 200, 350];
const LANDED_MS = 450;
const WHOLE_MS = 2_000;

interface Anchor {
  key: string;
  /** How far the line stands below the upper edge of the view. */
  offset: number;
}

export interface Window {
  box: React.RefObject<HTMLDivElement | null>;
  inner: React.RefObject<HTMLDivElement | null>;
  range: Range;
  above: number;
  below: number;
  /** Lines before this one were mounted later, out of view: the browser itself skips drawing them. */
  near: number;
  /** Something came while the reader looked elsewhere. */
  news: boolean;
  toEnd: () => void;
  toLine: (key: string) => void;
  onScroll: () => void;
}

const rows = (inner: HTMLElement | null): HTMLElement[] => [
  ...(inner?.querySelectorAll<HTMLElement>('[data-line]') ?? []),
];

/** The first message in view; days and sections move when older messages come. */
function topLine(box: HTMLElement, inner: HTMLElement | null): Anchor | undefined {
  const view = box.getBoundingClientRect();
  for (const row of rows(inner)) {
    const key = row.dataset.line ?? '';
    const at = row.getBoundingClientRect();
    if (at.top > view.bottom) return undefined;
    if (at.bottom > view.top && !key.includes(' ')) return { key, offset: at.top - view.top };
  }
  return undefined;
}

/** A short stream is mounted whole, but not while it is being opened: whoever walks through the list waits for nothing. */
function useWhole(short: boolean): [boolean, (whole: boolean) => void] {
  const [whole, setWhole] = useState(false);
  useEffect(() => {
    if (!short || whole) return undefined;
    const timer = setTimeout(() => setWhole(true), WHOLE_MS);
    return () => clearTimeout(timer);
  }, [short, whole]);
  return [whole, setWhole];
}

export function useWindow(keys: readonly string[], mark: string): Window {
  const box = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLDivElement>(null);
  const heights = useRef(new Heights());
  const anchor = useRef<Anchor>(undefined);
  const atEnd = useRef(true);
  /** On the way to a line: what the browser tells of earlier scrolling does not count. */
  const leading = useRef(false);
  const [news, setNews] = useState(false);
  const [edges, setEdges] = useState<{ first: string; last: string }>();
  const at = useMemo(() => new Map(keys.map((key, index) => [key, index])), [keys]);
  const short = keys.length <= WHOLE;
  const [whole, setWhole] = useWhole(short);
  const [guess, setGuess] = useState(USUAL_PX);
  const range = useMemo((): Range => {
    if (short && whole) return { start: 0, end: keys.length };
    const height = box.current?.clientHeight ?? 800;
    const start = edges ? at.get(edges.first) : undefined;
    const end = edges ? at.get(edges.last) : undefined;
    const kept = at.get(anchor.current?.key ?? '');
    if (atEnd.current) return heights.current.last(keys, height, guess);
    if (start !== undefined && end !== undefined) return { start, end: end + 1 };
    const top =
      kept === undefined ? (box.current?.scrollTop ?? 0) : heights.current.between(keys, 0, kept);
    return heights.current.around(keys, top, height);
  }, [keys, at, edges, short, whole, guess]);
  const cut = useRef(false);
  cut.current = range.start > 0;
  /** The first line that was laid out when the stream was opened. */
  const tail = useRef<string>(undefined);
  if (!whole) tail.current = keys[range.start];
  const settle = useCallback((): void => {
    const view = box.current;
    if (!view) return;
    let mounted = 0;
    for (const row of rows(inner.current)) {
      const { offsetHeight: px } = row;
      heights.current.measure(row.dataset.line ?? '', px);
      mounted += px;
    }
    if (!atEnd.current) anchor.current ??= topLine(view, inner.current);
    const kept = anchor.current;
    if (atEnd.current) {
      view.scrollTop = view.scrollHeight;
      if (cut.current && mounted < view.clientHeight) setGuess(LOW_PX);
    } else if (kept) {
      const row = inner.current?.querySelector(`[data-line="${CSS.escape(kept.key)}"]`);
      if (!row) return;
      const offset = row.getBoundingClientRect().top - view.getBoundingClientRect().top;
      if (Math.abs(offset - kept.offset) >= 1) view.scrollTop += offset - kept.offset;
    }
  }, []);
  useLayoutEffect(settle, [settle, range, keys]);
  useLayoutEffect(() => {
    if (!atEnd.current) setNews(true);
  }, [mark]);
  useEffect(() => {
    const element = inner.current;
    if (!element || typeof ResizeObserver === 'undefined') return undefined;
    const watcher = new ResizeObserver(settle);
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [settle]);
  const show = (wanted: Range): void =>
    setEdges({ first: keys[wanted.start] ?? '', last: keys[wanted.end - 1] ?? '' });
  const toEnd = (): void => {
    leading.current = false;
    atEnd.current = true;
    setNews(false);
    setEdges(undefined);
    settle();
  };
  const toLine = (key: string): void => {
    const index = at.get(key);
    if (index === undefined) return;
    const view = box.current;
    const height = view?.clientHeight ?? 800;
    atEnd.current = false;
    leading.current = true;
    anchor.current = { key, offset: Math.min(120, height / 4) };
    show(heights.current.around(keys, heights.current.between(keys, 0, index), height));
    for (const wait of LANDING_MS) setTimeout(settle, wait);
    setTimeout(() => {
      leading.current = false;
    }, LANDED_MS);
  };
  const onScroll = (): void => {
    const view = box.current;
    if (!view || leading.current) return;
    atEnd.current = view.scrollHeight - view.scrollTop - view.clientHeight < END_PX;
    if (atEnd.current) setNews(false);
    anchor.current = topLine(view, inner.current);
    if (short) {
      if (!atEnd.current) setWhole(true);
      return;
    }
    const above = heights.current.between(keys, 0, range.start);
    const mounted = heights.current.between(keys, range.start, range.end);
    const high = range.start > 0 && view.scrollTop < above + EDGE_PX;
    const low =
      range.end < keys.length && view.scrollTop + view.clientHeight > above + mounted - EDGE_PX;
    if (high || low) show(heights.current.around(keys, view.scrollTop, view.clientHeight));
  };
  return {
    box,
    inner,
    range,
    above: heights.current.between(keys, 0, range.start),
    below: heights.current.between(keys, range.end, keys.length),
    near: short && whole ? (at.get(tail.current ?? '') ?? 0) : 0,
    news,
    toEnd,
    toLine,
    onScroll,
  };
}
