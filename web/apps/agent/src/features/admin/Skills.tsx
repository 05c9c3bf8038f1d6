// Skills: what can be known; rules demand them, agents have them at a level.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES } from '@i18n/index';
import type { Skill } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Select, TextField } from '@ui/Field';
import { Chip } from '@ui/Small';
import { useLanguage } from '@agent/data/hooks';
import { AdminPage, seen, useRowsOf, useSave } from './list';

const KINDS = ['language', 'topic', 'product', 'legal', 'channel'];

function SkillDialog({ row, onClose }: { row?: Skill; onClose: () => void }) {
  const { t } = useTranslation();
  const { busy, client, save } = useSave();
  const [key, setKey] = useState(row?.key ?? '');
  const [kind, setKind] = useState(row?.kind ?? 'topic');
  const [name, setName] = useState<Record<string, string>>(row?.name ?? {});
  const submit = async (): Promise<void> => {
    const good = await save(() =>
      row
        ? client.patch(`/v1/skills/${row.id}`, { body: { name }, headers: seen(row) })
        : client.post('/v1/skills', { body: { key, kind, name } }),
    );
    if (good) onClose();
  };
  return (
    <Dialog
      title={t(row ? 'skill.edit' : 'skill.new')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="primary" busy={busy} disabled={!key} onClick={() => void submit()}>
            {t('ui.save')}
          </Button>
        </>
      }
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
    </Dialog>
  );
}

export function Skills() {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useRowsOf<Skill>('/v1/skills');
  const [editing, setEditing] = useState<Skill | 'new'>();
  return (
    <AdminPage
      title={t('admin.skills')}
      hint={t('skill.hint')}
      empty={t('skill.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={() => setEditing('new')}>
          {t('skill.new')}
        </Button>
      }
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('admin.name')}</th>
            <th scope="col">{t('skill.kind')}</th>
            <th scope="col" className="only-wide">
              {t('skill.key')}
            </th>
            <th scope="col">
              <span className="sr">{t('ui.edit')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <tr key={row.id}>
              <td>
                <strong>{row.name[language] || row.key}</strong>
              </td>
              <td>
                <Chip>{t(`skill.kind.${row.kind}`)}</Chip>
              </td>
              <td className="only-wide mono">{row.key}</td>
              <td>
                <IconButton
                  icon="edit"
                  label={t('admin.edit', { name: row.key })}
                  onClick={() => setEditing(row)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {editing && (
        <SkillDialog
          row={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </AdminPage>
  );
}
