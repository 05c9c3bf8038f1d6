// Kinds of Cases: what matters there are, each with the process it goes by.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import type { CaseKind, Process } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Select, Switch, TextField } from '@ui/Field';
import { Chip } from '@ui/Small';
import { useLanguage, useNames, useSetup } from '@agent/data/hooks';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useEditing, useRowsOf, useSave } from './list';
import { ProcessEditor } from './ProcessEditor';
import { keyOf } from './processModel';
import { Named, Table } from './Table';
import './rules.css';

const LANGUAGES = ['en', 'cs', 'pl', 'ru'] as const;

function KindForm({ row, onClose }: { row?: CaseKind; onClose: () => void }) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const language = useLanguage();
  const [name, setName] = useState<Record<string, string>>(() => ({
    ...(row?.name as Record<string, string>),
  }));
  const [department, setDepartment] = useState(row?.department_id ?? '');
  const [complaint, setComplaint] = useState(row?.complaint ?? false);
  const [deadline, setDeadline] = useState(row?.deadline ?? '');
  const laws = useRowsOf<{ key: string; name: Record<string, string> }>('/v1/deadline_templates');
  const [sealed, setSealed] = useState(row?.visibility === 'sealed');
  const first = name[language] || LANGUAGES.map((one) => name[one]).find(Boolean) || '';
  const save = (client: Client): Promise<unknown> => {
    const kept = Object.fromEntries(Object.entries(name).filter(([, word]) => word.trim()));
    const body = {
      name: kept,
      department_id: department || null,
      complaint,
      deadline: deadline || null,
      visibility: sealed ? 'sealed' : null,
    };
    return row
      ? client.patch(`/v1/case_kinds/${row.id}`, { body, headers: seen(row) })
      : client.post('/v1/case_kinds', { body: { ...body, key: keyOf(first, [], 'kind') } });
  };
  return (
    <EditDialog
      title={t(row ? 'kinds.edit' : 'kinds.new')}
      ready={first.trim() !== ''}
      save={save}
      onClose={onClose}
    >
      {LANGUAGES.map((one) => (
        <TextField
          key={one}
          label={t('kinds.name_in', {
            language: new Intl.DisplayNames([language], { type: 'language' }).of(one),
          })}
          value={name[one] ?? ''}
          maxLength={120}
          onChange={(event) => setName({ ...name, [one]: event.target.value })}
        />
      ))}
      <Select
        label={t('word.department')}
        value={department}
        onChange={setDepartment}
        options={[
          { value: '', label: t('kinds.whole_house') },
          ...departments.map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
      <Switch
        label={t('kinds.complaint')}
        hint={t('kinds.complaint_hint')}
        checked={complaint}
        onChange={setComplaint}
      />
      <Select
        label={t('kinds.deadline')}
        value={deadline}
        onChange={setDeadline}
        options={[
          { value: '', label: t('kinds.no_deadline') },
          ...laws.rows.map((one) => ({
            value: one.key,
            label:
              one.name[language] ??
              t(`law.${one.key}`, { defaultValue: one.key.replaceAll('_', ' ') }),
          })),
        ]}
      />
      <Switch
        label={t('kinds.sealed')}
        hint={t('kinds.sealed_hint')}
        checked={sealed}
        onChange={setSealed}
      />
    </EditDialog>
  );
}

export function Kinds() {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const list = useRowsOf<CaseKind>('/v1/case_kinds');
  const processes = useRowsOf<Process>('/v1/processes');
  const { editing, add, edit, close } = useEditing<CaseKind>();
  const saving = useSave();
  const [open, setOpen] = useState<string>();
  const chosen = list.rows.find((one) => one.id === open);
  if (chosen) return <ProcessEditor kind={chosen} onBack={() => setOpen(undefined)} />;
  const called = (row: CaseKind): string => row.name[language] ?? row.name.en ?? row.key;
  const of = (row: CaseKind, state: string): Process | undefined =>
    processes.rows.find((one) => one.kind_id === row.id && one.state === state);
  return (
    <AdminPage
      title={t('admin.kinds')}
      hint={t('kinds.hint')}
      empty={t('kinds.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('kinds.new')}
        </Button>
      }
      dialogs={editing && <KindForm row={editing.row} onClose={close} />}
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            by: called,
            show: (row) => (
              <span className="row wrap">
                <button type="button" className="link-button" onClick={() => setOpen(row.id)}>
                  <Named name={called(row)} />
                </button>
                {row.complaint && (
                  <Chip tone="warn" icon="flag">
                    {t('kinds.complaint')}
                  </Chip>
                )}
              </span>
            ),
          },
          {
            head: t('kinds.process'),
            show: (row) => {
              const now = of(row, 'published');
              return (
                <span className="row wrap">
                  {now ? (
                    t('kinds.steps', { count: now.steps.length, number: now.no })
                  ) : (
                    <span className="soft">{t('process.none_yet')}</span>
                  )}
                  {of(row, 'draft') && <Chip icon="edit">{t('kinds.draft')}</Chip>}
                </span>
              );
            },
          },
          {
            head: t('word.department'),
            wide: true,
            by: (row) => names.department(row.department_id),
            show: (row) => names.department(row.department_id) || t('kinds.whole_house'),
          },
        ]}
        actions={(row) => (
          <>
            <IconButton
              icon="checks"
              label={t('kinds.open_steps', { name: called(row) })}
              onClick={() => setOpen(row.id)}
            />
            <IconButton
              icon="edit"
              label={t('admin.edit', { name: called(row) })}
              onClick={() => edit(row)}
            />
            <IconButton
              icon="trash"
              label={t('ordered.remove', { name: called(row) })}
              onClick={() =>
                void saving.save(() =>
                  saving.client.delete(`/v1/case_kinds/${row.id}`, { headers: seen(row) }),
                )
              }
            />
          </>
        )}
      />
    </AdminPage>
  );
}
