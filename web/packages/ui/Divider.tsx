// The edge between two panels: dragged by the pointer, moved by arrows, put back by a double click.

import { useRef, type KeyboardEvent, type PointerEvent } from 'react';

interface DividerProps {
  label: string;
  /** Width of the panel this edge belongs to, in CSS pixels. */
  width: number;
  least: number;
  most: number;
  /** The panel lies after the edge: dragging towards it makes it narrower. */
  after?: boolean;
  onChange: (width: number) => void;
  onReset: () => void;
}

const STEP_PX = 16;
const LEAP_PX = 64;

export function Divider({ label, width, least, most, after, onChange, onReset }: DividerProps) {
  const drag = useRef<{ x: number; width: number }>(undefined);
  const set = (wanted: number): void =>
    onChange(Math.round(Math.min(most, Math.max(least, wanted))));
  const sign = after ? -1 : 1;
  const down = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, width };
  };
  const move = (event: PointerEvent): void => {
    if (drag.current) set(drag.current.width + sign * (event.clientX - drag.current.x));
  };
  const keys = (event: KeyboardEvent): void => {
    const by = event.shiftKey ? LEAP_PX : STEP_PX;
    const wanted: Record<string, number> = {
      ArrowRight: width + sign * by,
      ArrowLeft: width - sign * by,
      Home: least,
      End: most,
    };
    const next = wanted[event.key];
    if (event.key === 'Enter' || event.key === ' ') onReset();
    else if (next === undefined) return;
    else set(next);
    event.preventDefault();
  };
  return (
    <div
      className="divider"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      title={label}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={() => (drag.current = undefined)}
      onPointerCancel={() => (drag.current = undefined)}
      onDoubleClick={onReset}
      onKeyDown={keys}
    />
  );
}
