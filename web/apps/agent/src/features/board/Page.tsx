// One page of a board: figures, a table of Queues, or the plots of the last half hour.

import { lazy, Suspense } from 'react';
import type { BoardPage, Definition, Thresholds } from '@api/board';
import type { BoardCell } from '@sync/board';
import type { Marks } from '@agent/parts/board/marks';
import { QueueTable } from './QueueTable';
import { Tiles } from './Tiles';

const Plot = lazy(() =>
  import('@agent/parts/board/Plot').then((found) => ({ default: found.Plot })),
);

export interface Named {
  id: string;
  name: string;
}

export interface Shown {
  cells: readonly BoardCell[];
  queues: readonly Named[];
  thresholds: Thresholds;
  metrics: readonly Definition[];
  marks: Marks;
  /** The server's time. */
  now: number;
  language: string;
}

export const USUAL_PAGES: readonly BoardPage[] = [
  { title: '', kind: 'figures', figures: [], queues: [] },
  { title: '', kind: 'plots', figures: [], queues: [] },
  { title: '', kind: 'queues', figures: [], queues: [] },
];

/** The Queues a page is about, in the order of the board. */
const chosen = (page: BoardPage, queues: readonly Named[]): readonly Named[] =>
  page.queues.length === 0 ? queues : queues.filter((one) => page.queues.includes(one.id));

export function Page({ page, shown }: { page: BoardPage; shown: Shown }) {
  const queues = chosen(page, shown.queues);
  if (page.kind === 'queues') return <QueueTable {...shown} queues={queues} />;
  if (page.kind === 'plots')
    return (
      <Suspense fallback={<div className="board-plot" />}>
        <Plot cells={shown.cells} language={shown.language} />
      </Suspense>
    );
  return <Tiles {...shown} queues={page.queues} figures={page.figures} />;
}
