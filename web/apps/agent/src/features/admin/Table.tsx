// The table of a set-up page: search, order by a head, what each column shows, what can be done with a row.

import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty } from '@ui/Async';
import { Icon } from '@ui/Icon';
import { useLanguage } from '@agent/data/hooks';
import { found, inOrder, type Key, type Sorted } from './sorting';

export interface Column<T> {
  head: string;
  show: (row: T) => ReactNode;
  /** What rows are ordered and found by; without it the column can do neither. */
  by?: (row: T) => Key;
  /** Left out where there is no room. */
  wide?: boolean;
  look?: string;
}

interface TableProps<T> {
  rows: readonly T[];
  columns: readonly Column<T>[];
  actions?: (row: T) => ReactNode;
}

/** From so many rows on a table can be searched. */
const SEARCHED = 7;

interface FindProps {
  text: string;
  onChange: (text: string) => void;
  shown: number;
  all: number;
}

/** The search above a table, and how many rows it leaves. */
export function Find({ text, onChange, shown, all }: FindProps) {
  const { t } = useTranslation();
  return (
    <div className="row table-find">
      <Icon name="search" size={16} />
      <input
        type="search"
        className="input grow"
        aria-label={t('table.find')}
        placeholder={t('table.find')}
        value={text}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className="tiny soft figures" role="status">
        {text.trim() ? t('table.found', { shown, all }) : ''}
      </span>
    </div>
  );
}

interface HeadProps<T> {
  column: Column<T>;
  sorted: boolean;
  down: boolean;
  onSort: () => void;
  className: string | undefined;
}

function Head<T>({ column, sorted, down, onSort, className }: HeadProps<T>) {
  if (!column.by)
    return (
      <th scope="col" className={className}>
        {column.head}
      </th>
    );
  return (
    <th
      scope="col"
      className={className}
      aria-sort={sorted ? (down ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className={`sort ${sorted ? 'sort-on' : ''}`} onClick={onSort}>
        {column.head}
        <span className={down && sorted ? '' : 'sort-up'}>
          <Icon name="down" size={13} />
        </span>
      </button>
    </th>
  );
}

const classOf = <T,>(column: Column<T>): string | undefined =>
  [column.wide && 'only-wide', column.look].filter(Boolean).join(' ') || undefined;

export function Table<T extends { id: string }>({ rows, columns, actions }: TableProps<T>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [words, setWords] = useState('');
  const [sorted, setSorted] = useState<Sorted>();
  const keys = columns.flatMap((column) => (column.by ? [column.by] : []));
  const left = found(rows, words, keys);
  const by = sorted && columns[sorted.column]?.by;
  const shown = inOrder(left, by, sorted?.down ?? false, language);
  const sort = (column: number): void =>
    setSorted((was) => ({ column, down: was?.column === column && !was.down }));
  return (
    <>
      {keys.length > 0 && rows.length >= SEARCHED && (
        <Find text={words} onChange={setWords} shown={left.length} all={rows.length} />
      )}
      {shown.length === 0 ? (
        <Empty title={t('table.nothing')} icon="search" />
      ) : (
        <table className="table">
          <thead>
            <tr>
              {columns.map((column, at) => (
                <Head
                  key={column.head}
                  column={column}
                  sorted={sorted?.column === at}
                  down={sorted?.down ?? false}
                  onSort={() => sort(at)}
                  className={classOf(column)}
                />
              ))}
              {actions && (
                <th scope="col">
                  <span className="sr">{t('action.more')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={row.id}>
                {columns.map((column) => (
                  <td key={column.head} className={classOf(column)}>
                    {column.show(row)}
                  </td>
                ))}
                {actions && <td>{actions(row)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** First what a row is called, below it in small what tells it from others. */
export function Named({ mark, name, hint }: { mark?: ReactNode; name: string; hint?: ReactNode }) {
  return (
    <span className="row">
      {mark}
      <span className="stack-tight admin-name">
        <strong>{name}</strong>
        {hint && <span className="tiny soft">{hint}</span>}
      </span>
    </span>
  );
}
