// A list whose order counts: moved by drag, by buttons, or with Alt and the arrows.

import { useRef, useState, type DragEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@ui/Button';

interface OrderedProps<T extends { id: string; name: string }> {
  rows: readonly T[];
  show: (row: T) => ReactNode;
  actions: (row: T) => ReactNode;
  onMove: (ids: string[]) => void;
}

export function Ordered<T extends { id: string; name: string }>({
  rows,
  show,
  actions,
  onMove,
}: OrderedProps<T>) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const [said, setSaid] = useState('');
  const move = (from: number, to: number): void => {
    const row = rows[from];
    if (!row || to < 0 || to >= rows.length) return;
    const ids = rows.map((one) => one.id).filter((id) => id !== row.id);
    onMove(ids.toSpliced(to, 0, row.id));
    setSaid(t('rules.moved', { name: row.name, place: to + 1, count: rows.length }));
    requestAnimationFrame(() => {
      list.current?.querySelectorAll<HTMLElement>('.rule')[to]?.focus();
    });
  };
  const onKey = (event: KeyboardEvent, at: number): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    move(at, event.key === 'ArrowUp' ? at - 1 : at + 1);
  };
  const rest = (): void => {
    setDragged(undefined);
    setOver(undefined);
  };
  const drop = (event: DragEvent, to: number): void => {
    event.preventDefault();
    if (dragged !== undefined && dragged !== to) move(dragged, to);
    rest();
  };
  return (
    <>
      <p className="sr" id="ordered-keys">
        {t('rules.keys')}
      </p>
      <ol ref={list} className="plain-list rule-list">
        {rows.map((row, at) => (
          <li
            key={row.id}
            className={over === at && dragged !== at ? 'rule rule-over' : 'rule'}
            tabIndex={0}
            aria-label={t('rules.nth', { place: at + 1, name: row.name })}
            aria-describedby="ordered-keys"
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
            onDragEnd={rest}
            onDrop={(event) => drop(event, at)}
          >
            <span className="rule-place figures" aria-hidden="true">
              {at + 1}
            </span>
            {show(row)}
            <span className="rule-acts">
              <IconButton
                icon="down"
                className="turned"
                label={t('rules.up', { name: row.name })}
                disabled={at === 0}
                onClick={() => move(at, at - 1)}
              />
              <IconButton
                icon="down"
                label={t('rules.down', { name: row.name })}
                disabled={at === rows.length - 1}
                onClick={() => move(at, at + 1)}
              />
              {actions(row)}
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
