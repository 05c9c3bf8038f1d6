// A button with a menu under it: arrow keys walk, Escape closes, focus returns to the button.

import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { Icon, type IconName } from './Icon';

export interface MenuItem {
  id: string;
  label: string;
  hint?: string;
  /** The keys that do the same, as they are printed. */
  keys?: string;
  icon?: IconName;
  danger?: boolean;
  checked?: boolean;
  disabled?: boolean;
  onSelect: () => void;
}

/** No menu comes nearer to the edge of the window. */
const EDGE_PX = 8;

interface MenuProps {
  label: string;
  button: ReactNode;
  className?: string;
  /** Many menus stand in a list and few are opened: a function is asked when one opens. */
  items: readonly (MenuItem | 'line')[] | (() => readonly (MenuItem | 'line')[]);
  header?: ReactNode;
  side?: 'left' | 'right';
  up?: boolean;
}

const entriesOf = (list: HTMLElement | null): HTMLElement[] => [
  ...(list?.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)') ?? []),
];

function walk(list: HTMLElement | null, event: KeyboardEvent): void {
  const items = entriesOf(list);
  const at = items.findIndex((item) => item === document.activeElement);
  const steps: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: items.length - 1,
  };
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
}

function Entry({ item, done }: { item: MenuItem; done: () => void }) {
  return (
    <button
      type="button"
      role={item.checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={item.checked}
      className={item.danger ? 'menu-item menu-danger' : 'menu-item'}
      disabled={item.disabled}
      data-entry={item.id}
      onClick={() => {
        done();
        item.onSelect();
      }}
    >
      {item.icon && <Icon name={item.icon} size={16} />}
      <span className="grow">
        {item.label}
        {item.hint && <span className="menu-hint">{item.hint}</span>}
      </span>
      {item.keys && <kbd aria-hidden="true">{item.keys}</kbd>}
      {item.checked && <Icon name="check" size={16} />}
    </button>
  );
}

export function Menu({ label, button, className, items, header, side = 'left', up }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    entriesOf(list.current)[0]?.focus();
    const outside = (event: Event): void => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [open]);
  useLayoutEffect(() => {
    const box = list.current?.parentElement;
    if (!open || !box) return;
    const { left, right } = box.getBoundingClientRect();
    const over = Math.max(EDGE_PX - left, 0) || Math.min(innerWidth - EDGE_PX - right, 0);
    if (over !== 0) box.style.translate = `${over}px`;
  }, [open]);
  const at = useRef(0);
  useLayoutEffect(() => {
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (!open || !lost) return;
    const left = entriesOf(list.current); // the entry under the hand is gone: its neighbour takes over
    left[Math.min(at.current, left.length - 1)]?.focus();
  });
  const close = (): void => {
    setOpen(false);
    trigger.current?.focus();
  };
  return (
    <div className="menu" ref={root}>
      <button
        ref={trigger}
        type="button"
        className={className ?? 'icon-button'}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div
          className={`menu-list menu-${side} ${up ? 'menu-up' : ''}`}
          onFocus={(event) => {
            at.current = Math.max(entriesOf(list.current).indexOf(event.target as HTMLElement), 0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.stopPropagation();
              close();
            } else if (event.key === 'Tab') setOpen(false);
            else walk(list.current, event);
          }}
        >
          {header}
          <div role="menu" aria-label={label} ref={list}>
            {(typeof items === 'function' ? items() : items).map((item, index) =>
              item === 'line' ? (
                <div key={`line-${index}`} role="separator" className="menu-line" />
              ) : (
                <Entry key={item.id} item={item} done={close} />
              ),
            )}
          </div>
        </div>
      )}
    </div>
  );
}
