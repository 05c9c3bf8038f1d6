// Departments: who owns queues and matters, and who may see them.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import type { Department } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Select, TextField } from '@ui/Field';
import { Chip } from '@ui/Small';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useEditing, useRowsOf } from './list';
import { Named, Table } from './Table';

interface DepartmentRow extends Department {
  calendar_id?: string;
}

function DepartmentDialog({ row, onClose }: { row?: DepartmentRow; onClose: () => void }) {
  const { t } = useTranslation();
  const calendars = useRowsOf<{ id: string; name: string }>('/v1/calendars');
  const [name, setName] = useState(row?.name ?? '');
  const [visibility, setVisibility] = useState<string>(row?.visibility ?? 'open');
  const [calendar, setCalendar] = useState(row?.calendar_id ?? '');
  const save = (client: Client): Promise<unknown> => {
    const body = { name, visibility, ...(calendar ? { calendar_id: calendar } : {}) };
    return row
      ? client.patch(`/v1/departments/${row.id}`, { body, headers: seen(row) })
      : client.post('/v1/departments', { body });
  };
  return (
    <EditDialog
      title={t(row ? 'department.edit' : 'department.new')}
      ready={name.trim() !== ''}
      save={save}
      onClose={onClose}
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
    </EditDialog>
  );
}

export function Departments() {
  const { t } = useTranslation();
  const list = useRowsOf<DepartmentRow>('/v1/departments');
  const { editing, add, edit, close } = useEditing<DepartmentRow>();
  return (
    <AdminPage
      title={t('admin.departments')}
      hint={t('department.hint')}
      empty={t('department.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('department.new')}
        </Button>
      }
      dialogs={editing && <DepartmentDialog row={editing.row} onClose={close} />}
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            by: (row) => row.name,
            show: (row) => <Named name={row.name} />,
          },
          {
            head: t('department.visibility'),
            by: (row) => t(`department.${row.visibility ?? 'open'}`),
            show: (row) => (
              <Chip
                tone={row.visibility === 'sealed' ? 'note' : 'plain'}
                icon={row.visibility === 'sealed' ? 'lock' : 'eye'}
              >
                {t(`department.${row.visibility ?? 'open'}`)}
              </Chip>
            ),
          },
        ]}
        actions={(row) => (
          <IconButton
            icon="edit"
            label={t('admin.edit', { name: row.name })}
            onClick={() => edit(row)}
          />
        )}
      />
    </AdminPage>
  );
}
