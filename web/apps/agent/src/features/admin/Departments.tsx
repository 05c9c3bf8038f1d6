// Departments: who owns queues and matters, and who may see them.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Department } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { Chip } from '@ui/Small';
import { AdminPage, seen, useRowsOf, useSave } from './list';

interface DepartmentRow extends Department {
  calendar_id?: string;
}

function DepartmentDialog({ row, onClose }: { row?: DepartmentRow; onClose: () => void }) {
  const { t } = useTranslation();
  const calendars = useRowsOf<{ id: string; name: string }>('/v1/calendars');
  const { busy, client, save } = useSave();
  const [name, setName] = useState(row?.name ?? '');
  const [visibility, setVisibility] = useState<string>(row?.visibility ?? 'open');
  const [calendar, setCalendar] = useState(row?.calendar_id ?? '');
  const submit = async (): Promise<void> => {
    const body = { name, visibility, ...(calendar ? { calendar_id: calendar } : {}) };
    const good = await save(() =>
      row
        ? client.patch(`/v1/departments/${row.id}`, { body, headers: seen(row) })
        : client.post('/v1/departments', { body }),
    );
    if (good) onClose();
  };
  return (
    <Dialog
      title={t(row ? 'department.edit' : 'department.new')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="primary" busy={busy} disabled={!name} onClick={() => void submit()}>
            {t('ui.save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('admin.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Select
        label={t('department.visibility')}
        hint={t(`department.${visibility}_hint`)}
        value={visibility}
        onChange={setVisibility}
        options={['open', 'sealed'].map((value) => ({ value, label: t(`department.${value}`) }))}
      />
      <Select
        label={t('department.hours')}
        value={calendar}
        onChange={setCalendar}
        options={[
          { value: '', label: t('department.hours_default') },
          ...calendars.rows.map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
    </Dialog>
  );
}

export function Departments() {
  const { t } = useTranslation();
  const list = useRowsOf<DepartmentRow>('/v1/departments');
  const [editing, setEditing] = useState<DepartmentRow | 'new'>();
  return (
    <AdminPage
      title={t('admin.departments')}
      hint={t('department.hint')}
      empty={t('department.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={() => setEditing('new')}>
          {t('department.new')}
        </Button>
      }
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('admin.name')}</th>
            <th scope="col">{t('department.visibility')}</th>
            <th scope="col">
              <span className="sr">{t('ui.edit')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <tr key={row.id}>
              <td>
                <strong>{row.name}</strong>
              </td>
              <td>
                <Chip
                  tone={row.visibility === 'sealed' ? 'note' : 'plain'}
                  icon={row.visibility === 'sealed' ? 'lock' : 'eye'}
                >
                  {t(`department.${row.visibility ?? 'open'}`)}
                </Chip>
              </td>
              <td>
                <IconButton
                  icon="edit"
                  label={t('admin.edit', { name: row.name })}
                  onClick={() => setEditing(row)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {editing && (
        <DepartmentDialog
          row={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </AdminPage>
  );
}
