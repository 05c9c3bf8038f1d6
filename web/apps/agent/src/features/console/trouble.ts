// The rows of the matrix, those in trouble first.

import type { BoardCell } from '@sync/board';
import { figure, lines, servers } from '@agent/parts/board/figures';

export interface Row {
  queue: string;
  channel: string;
  cells: readonly BoardCell[];
  /** Who serves the Queue at all, and who could take this channel now. */
  people: readonly BoardCell[];
  free: readonly BoardCell[];
  waiting: number;
  longest: number | undefined;
  late: number;
  soon: number;
  online: number;
  ready: number;
}

const value = (
  name: Parameters<typeof figure>[0],
  cells: readonly BoardCell[],
  now: number,
): number => figure(name, cells, now).value ?? 0;

/** A row for each Queue and channel that has had anything to do today; Queues without any have one. */
export function rows(cells: readonly BoardCell[], queues: readonly string[], now: number): Row[] {
  return lines(cells, queues).flatMap(({ queue, channels }) => {
    const people = servers(cells, queue, '');
    const some = channels.length > 0 ? channels : [{ channel: '', cells: [] }];
    return some.map((one) => {
      const free = one.channel ? servers(cells, queue, one.channel) : people;
      return {
        queue,
        channel: one.channel,
        cells: one.cells,
        people,
        free,
        waiting: value('waiting', one.cells, now),
        longest: figure('longest', one.cells, now).value,
        late: value('breached', one.cells, now),
        soon: value('due_soon', one.cells, now),
        online: value('online', people, now),
        ready: value('ready', free, now),
      };
    });
  });
}

/** 4 = customers wait and nobody is there; 0 = nothing to worry about. */
export function trouble(row: Row): number {
  if (row.waiting === 0) return 0;
  if (row.online === 0) return 4;
  if (row.late > 0) return 3;
  if (row.soon > 0) return 2;
  return row.ready === 0 ? 1 : 0;
}

export const byTrouble = (all: readonly Row[], name: (queue: string) => string): Row[] =>
  [...all].sort(
    (a, b) =>
      trouble(b) - trouble(a) ||
      (b.longest ?? -1) - (a.longest ?? -1) ||
      name(a.queue).localeCompare(name(b.queue)) ||
      a.channel.localeCompare(b.channel),
  );
