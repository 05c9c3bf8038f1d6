// Working hours: which calendars there are, who counts by them, whether they are open now.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Department, Queue } from '@api/types';
import { dayTime } from '@i18n/format';
import { Button, IconButton } from '@ui/Button';
import { Chip } from '@ui/Small';
import { useLanguage, useNow } from '@agent/data/hooks';
import { HoursEditor } from './HoursEditor';
import { dayName, runs, type CalendarRow } from './hoursModel';
import { AdminPage, seen, useRowsOf, useSave } from './list';
import { Named, Table } from './Table';
import './hours.css';

/** "Mon–Fri 08:00–16:00", a line for each run of equal days. */
function Summary({ row }: { row: CalendarRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (row.always) return <span className="small">{t('hours.always')}</span>;
  const found = runs(row.frames);
  if (found.length === 0) return <span className="small soft">{t('hours.never')}</span>;
  return (
    <span className="stack-tight small figures">
      {found.map(({ from, to, text }) => (
        <span key={from}>
          {dayName(language, from, 'short')}
          {to !== from && `–${dayName(language, to, 'short')}`} {text}
        </span>
      ))}
    </span>
  );
}

function Now({ row }: { row: CalendarRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(60_000);
  return (
    <span className="stack-tight">
      <span>
        <Chip tone={row.open ? 'good' : 'plain'} icon={row.open ? 'check' : 'moon'}>
          {t(row.open ? 'hours.open' : 'hours.shut')}
        </Chip>
      </span>
      {!row.open && row.opens_at && (
        <span className="tiny soft">
          {t('hours.opens', { at: dayTime(language, Date.parse(row.opens_at), now) })}
        </span>
      )}
    </span>
  );
}

export function Hours() {
  const { t } = useTranslation();
  const list = useRowsOf<CalendarRow>('/v1/calendars');
  const departments = useRowsOf<Department & { calendar_id?: string }>('/v1/departments');
  const queues = useRowsOf<Queue & { calendar_id?: string | null }>('/v1/queues');
  const [editing, setEditing] = useState<{ row?: CalendarRow }>();
  const { save, client } = useSave();
  if (editing) return <HoursEditor row={editing.row} onClose={() => setEditing(undefined)} />;
  const users = (row: CalendarRow): string =>
    [...departments.rows, ...queues.rows]
      .filter((one) => one.calendar_id === row.id)
      .map((one) => one.name)
      .join(', ');
  return (
    <AdminPage
      title={t('admin.hours')}
      hint={t('hours.hint')}
      empty={t('hours.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={() => setEditing({})}>
          {t('hours.new')}
        </Button>
      }
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            by: (row) => `${row.name} ${row.zone}`,
            show: (row) => <Named name={row.name} hint={row.zone} />,
          },
          { head: t('hours.week'), wide: true, show: (row) => <Summary row={row} /> },
          {
            head: t('hours.now'),
            by: (row) => (row.open ? 0 : 1),
            show: (row) => <Now row={row} />,
          },
          {
            head: t('hours.used_by'),
            wide: true,
            by: users,
            show: (row) => users(row) || <span className="soft">{t('hours.nobody')}</span>,
          },
        ]}
        actions={(row) => (
          <span className="row">
            <IconButton
              icon="edit"
              label={t('admin.edit', { name: row.name })}
              onClick={() => setEditing({ row })}
            />
            {users(row) === '' && (
              <IconButton
                icon="trash"
                label={t('hours.remove', { name: row.name })}
                onClick={() =>
                  void save(() => client.delete(`/v1/calendars/${row.id}`, { headers: seen(row) }))
                }
              />
            )}
          </span>
        )}
      />
    </AdminPage>
  );
}
