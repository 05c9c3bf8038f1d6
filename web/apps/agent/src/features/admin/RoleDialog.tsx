// A role by name and note, new ones from another; taking one away asks first.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { TextField } from '@ui/Field';
import { EditDialog } from './EditDialog';
import { KEY, keyOf } from './key';
import { seen, useSave } from './list';
import { roleName, type RoleRow } from './roleModel';

interface RoleDialogProps {
  row?: RoleRow;
  from?: RoleRow;
  onMade: (key: string) => void;
  onClose: () => void;
}

export function RoleDialog({ row, from, onMade, onClose }: RoleDialogProps) {
  const { t } = useTranslation();
  const start = from ? t('role.copy_of', { name: roleName(from, t) }) : '';
  const [name, setName] = useState(row?.name ?? start);
  const [note, setNote] = useState(row?.note ?? '');
  const [own, setOwn] = useState<string>();
  const key = own ?? keyOf(name);
  const save = async (client: Client): Promise<unknown> => {
    if (row)
      return client.patch(`/v1/roles/${row.id}`, { body: { name, note }, headers: seen(row) });
    const rights = from?.rights ?? ['write'];
    const made = await client.post<RoleRow>('/v1/roles', { body: { key, name, note, rights } });
    return onMade(made.key);
  };
  return (
    <EditDialog
      title={t(row ? 'role.edit' : 'role.new')}
      ready={name.trim() !== '' && (row !== undefined || KEY.test(key))}
      save={save}
      onClose={onClose}
    >
      <TextField
        label={t('admin.name')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t('role.note')}
        hint={t('role.note_hint')}
        value={note}
        maxLength={500}
        onChange={(event) => setNote(event.target.value)}
      />
      {!row && (
        <TextField
          label={t('skill.key')}
          hint={t('role.key_hint')}
          value={key}
          maxLength={40}
          error={name.trim() !== '' && !KEY.test(key) ? t('problem.role.key') : undefined}
          onChange={(event) => setOwn(event.target.value)}
        />
      )}
    </EditDialog>
  );
}

export function RoleRemoval({ role, onClose }: { role: RoleRow; onClose: () => void }) {
  const { t } = useTranslation();
  const saving = useSave();
  const remove = async (): Promise<void> => {
    const path = `/v1/roles/${role.id}`;
    if (await saving.save(() => saving.client.delete(path, { headers: seen(role) }))) onClose();
  };
  return (
    <Dialog
      title={t('role.remove_title', { name: role.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="danger" busy={saving.busy} onClick={() => void remove()}>
            {t('role.remove')}
          </Button>
        </>
      }
    >
      <p>{t('role.remove_hint')}</p>
    </Dialog>
  );
}
