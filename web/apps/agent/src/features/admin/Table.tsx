// The table of a set-up page: what each column shows, and what can be done with a row at its end.

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface Column<T> {
  head: string;
  show: (row: T) => ReactNode;
  /** Left out where there is no room. */
  wide?: boolean;
  look?: string;
}

interface TableProps<T> {
  rows: readonly T[];
  columns: readonly Column<T>[];
  actions: (row: T) => ReactNode;
}

export function Table<T extends { id: string }>({ rows, columns, actions }: TableProps<T>) {
  const { t } = useTranslation();
  const classOf = (column: Column<T>): string | undefined =>
    [column.wide && 'only-wide', column.look].filter(Boolean).join(' ') || undefined;
  return (
    <table className="table">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.head} scope="col" className={classOf(column)}>
              {column.head}
            </th>
          ))}
          <th scope="col">
            <span className="sr">{t('action.more')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            {columns.map((column) => (
              <td key={column.head} className={classOf(column)}>
                {column.show(row)}
              </td>
            ))}
            <td>{actions(row)}</td>
          </tr>
        ))}
      </tbody>
    </table>
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
