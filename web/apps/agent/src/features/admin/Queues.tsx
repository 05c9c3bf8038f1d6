// Queues: lines of waiting work, how it is handed out, and who serves them in which order.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from '@ui/Button';
import { Chip } from '@ui/Small';
import { useNames } from '@agent/data/hooks';
import { ChannelMark } from '@agent/parts/Marks';
import { AdminPage, useEditing, useRowsOf } from './list';
import { MembersDialog } from './MembersDialog';
import { QueueDialog } from './QueueDialog';
import { CHANNELS } from '@agent/parts/channels';
import type { QueueRow } from './queueModel';
import { Named, Table } from './Table';

export function Queues() {
  const { t } = useTranslation();
  const names = useNames();
  const list = useRowsOf<QueueRow>('/v1/queues');
  const { editing, add, edit, close } = useEditing<QueueRow>();
  const [members, setMembers] = useState<QueueRow>();
  const channels = (row: QueueRow): readonly string[] =>
    row.channels && row.channels.length > 0 ? row.channels : CHANNELS;
  return (
    <AdminPage
      title={t('admin.queues')}
      hint={t('queue.hint')}
      empty={t('queue.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('queue.new')}
        </Button>
      }
      dialogs={
        <>
          {editing && <QueueDialog row={editing.row} onClose={close} />}
          {members && <MembersDialog queue={members} onClose={() => setMembers(undefined)} />}
        </>
      }
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            by: (row) => `${row.name} ${names.department(row.department_id)}`,
            show: (row) => <Named name={row.name} hint={names.department(row.department_id)} />,
          },
          {
            head: t('queue.channels'),
            show: (row) => (
              <span className="row">
                {channels(row).map((kind) => (
                  <ChannelMark key={kind} kind={kind} />
                ))}
              </span>
            ),
          },
          {
            head: t('queue.delivery'),
            wide: true,
            by: (row) => t(`queue.delivery.${row.delivery ?? 'push'}`),
            show: (row) => <Chip>{t(`queue.delivery.${row.delivery ?? 'push'}`)}</Chip>,
          },
        ]}
        actions={(row) => (
          <>
            <IconButton
              icon="users"
              label={t('queue.members_of', { name: row.name })}
              onClick={() => setMembers(row)}
            />
            <IconButton
              icon="edit"
              label={t('admin.edit', { name: row.name })}
              onClick={() => edit(row)}
            />
          </>
        )}
      />
    </AdminPage>
  );
}
