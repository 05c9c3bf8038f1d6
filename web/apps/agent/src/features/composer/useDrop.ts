// Files that are dropped on the composer: an overlay while they hang above it.

import { useRef, useState, type DragEvent } from 'react';

export function useDrop(take: (files: File[]) => void, allowed: boolean) {
  const [on, setOn] = useState(false);
  // children tell of entering and leaving too: count, and it does not flicker
  const depth = useRef(0);
  const holds = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');
  const over = (): void => setOn(depth.current > 0 && allowed);
  return {
    on,
    handlers: {
      onDragEnter: (event: DragEvent): void => {
        if (!holds(event)) return;
        depth.current += 1;
        over();
      },
      onDragLeave: (event: DragEvent): void => {
        if (!holds(event)) return;
        depth.current = Math.max(0, depth.current - 1);
        over();
      },
      onDragOver: (event: DragEvent): void => {
        if (holds(event)) event.preventDefault();
      },
      onDrop: (event: DragEvent): void => {
        if (!holds(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOn(false);
        if (allowed) take([...event.dataTransfer.files]);
      },
    },
  };
}
