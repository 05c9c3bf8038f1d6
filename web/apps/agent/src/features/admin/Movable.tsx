// A list whose order matters: moved by drag, by buttons, or with Alt and the arrows; each move is said.

import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@ui/Button';

interface MovableProps<T> {
  rows: readonly T[];
  nameOf: (row: T) => string;
  keyOf: (row: T) => string;
  show: (row: T, at: number) => ReactNode;
  className?: (row: T, at: number) => string;
  onMove: (from: number, to: number) => void;
  onEdit: (at: number) => void;
  onRemove: (at: number) => void;
}

export function Movable<T>({
  rows,
  nameOf,
  keyOf,
  show,
  className,
  onMove,
  onEdit,
  onRemove,
}: MovableProps<T>) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const hint = useId();
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const [said, setSaid] = useState('');
  const move = (from: number, to: number): void => {
    const row = rows[from];
    if (!row || to < 0 || to >= rows.length) return;
    onMove(from, to);
    setSaid(t('ordered.moved', { name: nameOf(row), place: to + 1, count: rows.length }));
    requestAnimationFrame(() => {
      list.current?.querySelectorAll<HTMLElement>(':scope > li')[to]?.focus();
    });
  };
  const onKey = (event: KeyboardEvent, at: number): void => {
    if (event.target !== event.currentTarget && !event.altKey) return;
    if (event.key === 'Enter') {
      event.preventDefault(); // or it would send the form of the dialog that opens
      onEdit(at);
    }
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(at, event.key === 'ArrowUp' ? at - 1 : at + 1);
  };
  const end = (): void => {
    setDragged(undefined);
    setOver(undefined);
  };
  return (
    <>
      <p className="sr" id={hint}>
        {t('ordered.keys')}
      </p>
      <ol ref={list} className="plain-list rule-list">
        {rows.map((row, at) => (
          <li
            key={keyOf(row)}
            className={`rule ${over === at && dragged !== at ? 'rule-over' : ''} ${className?.(row, at) ?? ''}`}
            tabIndex={0}
            aria-label={t('ordered.nth', { place: at + 1, name: nameOf(row) })}
            aria-describedby={hint}
            draggable
            onKeyDown={(event) => onKey(event, at)}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              setDragged(at);
            }}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(at);
            }}
            onDragEnd={end}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== undefined && dragged !== at) move(dragged, at);
              end();
            }}
          >
            <span className="rule-place figures" aria-hidden="true">
              {at + 1}
            </span>
            {show(row, at)}
            <span className="rule-acts">
              <IconButton
                icon="down"
                className="turned"
                label={t('ordered.up', { name: nameOf(row) })}
                disabled={at === 0}
                onClick={() => move(at, at - 1)}
              />
              <IconButton
                icon="down"
                label={t('ordered.down', { name: nameOf(row) })}
                disabled={at === rows.length - 1}
                onClick={() => move(at, at + 1)}
              />
              <IconButton
                icon="edit"
                label={t('admin.edit', { name: nameOf(row) })}
                onClick={() => onEdit(at)}
              />
              <IconButton
                icon="trash"
                label={t('ordered.remove', { name: nameOf(row) })}
                onClick={() => onRemove(at)}
              />
            </span>
          </li>
        ))}
      </ol>
      <p className="sr" role="status">
        {said}
      </p>
    </>
  );
}

/** A list with one row elsewhere. */
export function movedTo<T>(rows: readonly T[], from: number, to: number): T[] {
  const next = rows.filter((_, at) => at !== from);
  const row = rows[from];
  if (row !== undefined) next.splice(to, 0, row);
  return next;
}
