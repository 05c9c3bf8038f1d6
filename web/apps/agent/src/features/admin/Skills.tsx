// Skills: what can be known; rules demand them, agents have them at a level.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Client } from '@api/client';
import type { Skill } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Select, TextField } from '@ui/Field';
import { Chip } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useEditing, useRowsOf } from './list';
import { SkillMatrix } from './SkillMatrix';
import { Named, Table } from './Table';

const KINDS = ['language', 'topic', 'product', 'legal', 'channel'];

function SkillDialog({ row, onClose }: { row?: Skill; onClose: () => void }) {
  const { t } = useTranslation();
  const [key, setKey] = useState(row?.key ?? '');
  const [kind, setKind] = useState(row?.kind ?? 'topic');
  const [name, setName] = useState<Record<string, string>>(row?.name ?? {});
  const save = (client: Client): Promise<unknown> =>
    row
      ? client.patch(`/v1/skills/${row.id}`, { body: { name }, headers: seen(row) })
      : client.post('/v1/skills', { body: { key, kind, name } });
  return (
    <EditDialog
      title={t(row ? 'skill.edit' : 'skill.new')}
      ready={key.trim() !== ''}
      save={save}
      onClose={onClose}
    >
      {!row && (
        <>
          <TextField
            label={t('skill.key')}
            hint={t('skill.key_hint')}
            value={key}
            onChange={(event) => setKey(event.target.value)}
          />
          <Select
            label={t('skill.kind')}
            value={kind}
            onChange={setKind}
            options={KINDS.map((value) => ({ value, label: t(`skill.kind.${value}`) }))}
          />
        </>
      )}
      {LANGUAGES.map((language) => (
        <TextField
          key={language}
          label={t('skill.name_in', { language: LANGUAGE_NAMES[language] })}
          value={name[language] ?? ''}
          onChange={(event) => setName({ ...name, [language]: event.target.value })}
        />
      ))}
    </EditDialog>
  );
}

export function Skills() {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useRowsOf<Skill>('/v1/skills');
  const { editing, add, edit, close } = useEditing<Skill>();
  return (
    <AdminPage
      title={t('admin.skills')}
      hint={t('skill.hint')}
      empty={t('skill.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('skill.new')}
        </Button>
      }
      dialogs={
        <>
          {list.rows.length > 0 && <SkillMatrix skills={list.rows} />}
          {editing && <SkillDialog row={editing.row} onClose={close} />}
        </>
      }
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            by: (row) => row.name[language] || row.key,
            show: (row) => <Named name={row.name[language] || row.key} />,
          },
          {
            head: t('skill.kind'),
            by: (row) => t(`skill.kind.${row.kind}`),
            show: (row) => <Chip>{t(`skill.kind.${row.kind}`)}</Chip>,
          },
          {
            head: t('skill.key'),
            wide: true,
            look: 'mono',
            by: (row) => row.key,
            show: (row) => row.key,
          },
        ]}
        actions={(row) => (
          <IconButton
            icon="edit"
            label={t('admin.edit', { name: row.name[language] || row.key })}
            onClick={() => edit(row)}
          />
        )}
      />
    </AdminPage>
  );
}
