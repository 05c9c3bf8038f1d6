// Statuses: what people may be doing besides working, and what each means for the work they are offered.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PresenceStatus } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Chip } from '@ui/Small';
import { CHANNELS } from '@agent/parts/channels';
import { modeOf, useStatuses } from '@agent/parts/statuses';
import { Listening } from './Listening';
import { AdminPage, seen, useEditing, useRowsOf, useSave } from './list';
import { StatusDialog } from './StatusDialog';
import { Table } from './Table';

function RemoveDialog({ row, onClose }: { row: PresenceStatus; onClose: () => void }) {
  const { t } = useTranslation();
  const { name } = useStatuses();
  const saving = useSave();
  const remove = async (): Promise<void> => {
    const path = `/v1/presence_statuses/${row.id}`;
    if (await saving.save(() => saving.client.delete(path, { headers: seen(row) }))) onClose();
  };
  return (
    <Dialog
      title={t('statuses.remove_title', { name: name(row.key) })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button look="danger" busy={saving.busy} onClick={() => void remove()}>
            {t('statuses.remove')}
          </Button>
        </>
      }
    >
      <p>{t('statuses.remove_hint')}</p>
    </Dialog>
  );
}

export function Statuses() {
  const { t } = useTranslation();
  const { name, dot } = useStatuses();
  const list = useRowsOf<PresenceStatus>('/v1/presence_statuses');
  const { editing, add, edit, close } = useEditing<PresenceStatus>();
  const [removing, setRemoving] = useState<PresenceStatus>();
  const reason = (one: string): string => t(`presence.reason.${one}`, { defaultValue: one });
  return (
    <AdminPage
      title={t('admin.statuses')}
      hint={t('statuses.hint')}
      empty={t('statuses.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('statuses.new')}
        </Button>
      }
      dialogs={
        <>
          <Listening />
          {editing && <StatusDialog row={editing.row} onClose={close} />}
          {removing && <RemoveDialog row={removing} onClose={() => setRemoving(undefined)} />}
        </>
      }
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            by: (row) => name(row.key),
            show: (row) => (
              <span className="row">
                <span className={dot(row.key)} aria-hidden="true" />
                <strong>{name(row.key)}</strong>
                {row.built_in && <Chip>{t('statuses.built_in')}</Chip>}
              </span>
            ),
          },
          ...CHANNELS.map((kind) => ({
            head: t(`channel.${kind}`),
            show: (row: PresenceStatus) => t(`statuses.mode.${modeOf(row.matrix, kind)}`),
          })),
          {
            head: t('statuses.reasons'),
            wide: true,
            show: (row) => row.reasons.map(reason).join(', '),
          },
        ]}
        actions={(row) => (
          <>
            <IconButton
              icon="edit"
              label={t('admin.edit', { name: name(row.key) })}
              onClick={() => edit(row)}
            />
            {!row.built_in && (
              <IconButton
                icon="trash"
                label={t('statuses.remove_title', { name: name(row.key) })}
                onClick={() => setRemoving(row)}
              />
            )}
          </>
        )}
      />
    </AdminPage>
  );
}
