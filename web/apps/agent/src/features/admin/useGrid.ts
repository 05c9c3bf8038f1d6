// Arrow keys over the cells of a matrix: one cell is in the tab order, Home and End go to the ends.

import { useState, type KeyboardEvent } from 'react';

interface CellProps {
  tabIndex: number;
  'data-cell': string;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

const STEPS: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

const inside = (value: number, size: number): number => Math.min(Math.max(value, 0), size - 1);

/** Gives the props of a cell by row and column; ``more`` hears the keys that move nothing. */
export function useGrid(rows: number, columns: number) {
  const [at, setAt] = useState<readonly [number, number]>([0, 0]);
  const here: readonly [number, number] = [inside(at[0], rows), inside(at[1], columns)];
  const target = (event: KeyboardEvent, row: number, column: number) => {
    if (event.key === 'Home') return [event.ctrlKey ? 0 : row, 0] as const;
    if (event.key === 'End') return [event.ctrlKey ? rows - 1 : row, columns - 1] as const;
    const step = STEPS[event.key];
    return step && ([inside(row + step[0], rows), inside(column + step[1], columns)] as const);
  };
  return (
    row: number,
    column: number,
    more?: (event: KeyboardEvent<HTMLElement>) => void,
  ): CellProps => ({
    tabIndex: here[0] === row && here[1] === column ? 0 : -1,
    'data-cell': `${row}:${column}`,
    onFocus: () => setAt([row, column]),
    onKeyDown: (event) => {
      const next = event.altKey || event.metaKey ? undefined : target(event, row, column);
      if (!next) {
        more?.(event);
        return;
      }
      event.preventDefault();
      event.currentTarget
        .closest('table')
        ?.querySelector<HTMLElement>(`[data-cell="${next[0]}:${next[1]}"]`)
        ?.focus();
    },
  });
}
