// A button with a small panel below it; not modal, Escape and a click outside close it.

import { useEffect, useId, useLayoutEffect, useRef, useState, type ReactNode } from 'react';

const EDGE_PX = 8;

interface PopoverProps {
  label: string;
  button: ReactNode;
  className?: string;
  side?: 'left' | 'right';
  children: (close: () => void) => ReactNode;
  onOpen?: () => void;
}

export function Popover({
  label,
  button,
  className,
  side = 'left',
  children,
  onOpen,
}: PopoverProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    panel.current?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  useLayoutEffect(() => {
    if (!open || !panel.current) return;
    const { left, right } = panel.current.getBoundingClientRect();
    const over = Math.max(EDGE_PX - left, 0) || Math.min(innerWidth - EDGE_PX - right, 0);
    if (over !== 0) panel.current.style.translate = `${over}px`;
  }, [open]);
  const close = (): void => {
    setOpen(false);
    trigger.current?.focus();
  };
  return (
    <div
      className="menu"
      ref={root}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={trigger}
        type="button"
        className={className ?? 'icon-button'}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={label}
        title={label}
        onClick={() => {
          if (!open) onOpen?.();
          setOpen(!open);
        }}
      >
        {button}
      </button>
      {open && (
        <div
          id={id}
          ref={panel}
          className={`popover menu-list menu-${side}`}
          role="dialog"
          aria-label={label}
          tabIndex={-1}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
