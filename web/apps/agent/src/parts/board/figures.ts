// From the cells of a board to its figures: added up as numerators and denominators, never as quotients.

import type { Figure, Threshold } from '@api/board';
import type { BoardCell } from '@sync/board';

export type Unit = 'count' | 'pct' | 'ms';

export interface Value {
  /** undefined = nothing was counted: never 0 or 100 per cent. */
  value: number | undefined;
  unit: Unit;
  /** How many it is about; few are shown greyed. */
  n?: number;
}

/** A ratio over fewer than so many says little. */
export const FEW = 20;

export interface Line {
  queue: string;
  channels: { channel: string; cells: BoardCell[] }[];
  cells: BoardCell[];
}

const sum = (cells: readonly BoardCell[], of: (cell: BoardCell) => number | undefined): number =>
  cells.reduce((all, cell) => all + (of(cell) ?? 0), 0);

type Part = 'now' | 'day' | 'half';

const part = (cells: readonly BoardCell[], where: Part, name: string): number =>
  sum(cells, (cell) => cell[where]?.[name]);

const ratio = (numerator: number, denominator: number, unit: Unit): Value => ({
  value: denominator > 0 ? numerator / denominator : undefined,
  unit,
  n: denominator,
});

const count = (value: number): Value => ({ value, unit: 'count' });

function serviceLevel(cells: readonly BoardCell[], where: Part): Value {
  const answered = part(cells, where, 'answered');
  const lost = part(cells, where, 'abandoned') - part(cells, where, 'abandoned_short');
  return ratio(part(cells, where, 'answered_within'), answered + lost, 'pct');
}

function abandoned(cells: readonly BoardCell[], where: Part): Value {
  const short = part(cells, where, 'abandoned_short');
  const lost = part(cells, where, 'abandoned') - short;
  return ratio(lost, part(cells, where, 'entered') - short, 'pct');
}

function longest(cells: readonly BoardCell[], now: number): Value {
  const starts = cells.flatMap((cell) => (cell.since === undefined ? [] : [cell.since]));
  const first = starts.length > 0 ? Math.min(...starts) : undefined;
  return { value: first === undefined ? undefined : Math.max(0, now - first), unit: 'ms' };
}

const HERE = ['online', 'busy', 'wrap_up', 'break', 'not_responding', 'reconnecting'];

/** Work by Queue and channel; people by the cells that are counted once each. */
export function figure(
  name: Figure,
  cells: readonly BoardCell[],
  now: number,
  people: readonly BoardCell[] = cells,
): Value {
  switch (name) {
    case 'waiting':
      return count(part(cells, 'now', 'waiting') + part(cells, 'now', 'offered'));
    case 'longest':
      return longest(cells, now);
    case 'in_work':
      return count(part(cells, 'now', 'in_work') + part(cells, 'now', 'wrap_up'));
    case 'breached':
      return count(sum(cells, (cell) => cell.late));
    case 'due_soon':
      return count(sum(cells, (cell) => cell.soon));
    case 'service_level':
      return serviceLevel(cells, 'day');
    case 'service_level_half':
      return serviceLevel(cells, 'half');
    case 'answered':
      return count(part(cells, 'day', 'answered'));
    case 'abandon_pct':
      return abandoned(cells, 'day');
    case 'abandon_pct_half':
      return abandoned(cells, 'half');
    case 'entered':
      return count(part(cells, 'day', 'entered'));
    case 'asa':
      return ratio(part(cells, 'day', 'wait_ms'), part(cells, 'day', 'answered'), 'ms');
    case 'work_span':
      return ratio(part(cells, 'day', 'work_ms'), part(cells, 'day', 'handled'), 'ms');
    case 'ready':
      return count(part(people, 'now', 'ready'));
    case 'online':
      return count(HERE.reduce((all, status) => all + part(people, 'now', status), 0));
    case 'offer_accept_pct': {
      const took = part(cells, 'day', 'accepted');
      const others = part(cells, 'day', 'declined') + part(cells, 'day', 'missed');
      return ratio(took, took + others, 'pct');
    }
  }
}

/** Cells of people who are counted once each: at home, over all channels. */
export const atHome = (cells: readonly BoardCell[]): BoardCell[] =>
  cells.filter((cell) => !cell.series && !cell.q && cell.c === '');

/** Somebody could take work of this channel, but there was none today: that is no line. */
const ofWork = (cell: BoardCell): boolean =>
  Boolean(cell.q) &&
  cell.c !== '' &&
  (cell.day !== undefined ||
    cell.half !== undefined ||
    Object.keys(cell.now ?? {}).some((name) => name !== 'ready'));

/** Cells of work: of some Queues, or of all. */
export const atWork = (cells: readonly BoardCell[], queues: readonly string[]): BoardCell[] =>
  cells.filter((cell) => ofWork(cell) && (queues.length === 0 || queues.includes(cell.q ?? '')));

/** Who could take work now: of a Queue (once each), or of a channel in it. */
export const servers = (cells: readonly BoardCell[], queue: string, channel: string): BoardCell[] =>
  cells.filter((cell) => cell.q === queue && cell.c === channel);

/** Cells that are about people of these Queues; of everybody when there is no choice. */
export const peopleOf = (cells: readonly BoardCell[], queues: readonly string[]): BoardCell[] =>
  queues.length === 0
    ? atHome(cells)
    : cells.filter((cell) => cell.c === '' && queues.includes(cell.q ?? ''));

/** One line a Queue in the order given, each with the channels that have anything to show. */
export function lines(cells: readonly BoardCell[], queues: readonly string[]): Line[] {
  const found = new Map<string, Map<string, BoardCell[]>>(
    queues.map((queue) => [queue, new Map()]),
  );
  for (const cell of cells) {
    const channels = ofWork(cell) ? found.get(cell.q ?? '') : undefined;
    if (!channels) continue;
    const channel = cell.c ?? '';
    channels.set(channel, [...(channels.get(channel) ?? []), cell]);
  }
  return [...found].map(([queue, channels]) => ({
    queue,
    channels: [...channels].sort().map(([channel, some]) => ({ channel, cells: some })),
    cells: [...channels.values()].flat(),
  }));
}

/** The last half hour by minutes: moments in seconds, arrivals, starts, those who left. */
export function minutes(cells: readonly BoardCell[]): number[][] {
  const known = cells.flatMap((cell) => (cell.series ? [cell.series] : []));
  const end = Math.max(0, ...known.map((one) => one.end[0] ?? 0));
  if (end === 0) return [[], [], [], []];
  const last = Math.floor(end / 4);
  const moments = Array.from({ length: 30 }, (_, index) => (last - 29 + index) * 60);
  const rows = (['entered', 'started', 'abandoned'] as const).map((name) => {
    const found = moments.map(() => 0);
    for (const one of known)
      one[name].forEach((n, index) => {
        const minute = Math.floor(((one.end[0] ?? 0) - one[name].length + 1 + index) / 4);
        const where = minute - last + 29;
        if (where >= 0 && where < 30) found[where] = (found[where] ?? 0) + n;
      });
    return found;
  });
  return [moments, ...rows];
}

export type Mark = 'good' | 'warn' | 'bad';

/** A mark is left only when the figure has gone back by so much: it does not flicker. */
const SLACK = 0.05;

/** What a threshold says of a value; `before` is what it said last. Thresholds of shares are in thousandths. */
export function markOf(
  { value, unit }: Value,
  limit: Threshold | undefined,
  before: Mark = 'good',
): Mark {
  if (!limit || value === undefined) return 'good';
  const shown = unit === 'pct' ? value * 1000 : value;
  const rising = limit.bad >= limit.warn;
  const over = (mark: number, held: boolean): boolean => {
    const edge = held ? mark * (rising ? 1 - SLACK : 1 + SLACK) : mark;
    return rising ? shown >= edge : shown <= edge;
  };
  if (over(limit.bad, before === 'bad')) return 'bad';
  return over(limit.warn, before !== 'good') ? 'warn' : 'good';
}
