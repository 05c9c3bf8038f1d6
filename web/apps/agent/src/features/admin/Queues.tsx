// Queues: lines of waiting work, how it is handed out, and who serves them in which order.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import type { Queue } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Check, Select, Switch, TextField } from '@ui/Field';
import { Chip } from '@ui/Small';
import { useNames, useSetup } from '@agent/data/hooks';
import { ChannelMark } from '@agent/parts/Marks';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useEditing, useRowsOf } from './list';
import { MembersDialog } from './MembersDialog';
import { Named, Table } from './Table';

export interface QueueRow extends Queue {
  auto_accept?: boolean;
  wrap_up_s?: number;
  members?: { agent_id: string; rank: number }[];
}

const CHANNELS = ['email', 'chat'];

function QueueDialog({ row, onClose }: { row?: QueueRow; onClose: () => void }) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const [name, setName] = useState(row?.name ?? '');
  const [department, setDepartment] = useState(row?.department_id ?? departments[0]?.id ?? '');
  const [channels, setChannels] = useState<string[]>(row?.channels ?? []);
  const [delivery, setDelivery] = useState(row?.delivery ?? 'push');
  const [automatic, setAutomatic] = useState(row?.auto_accept ?? false);
  const [reasons, setReasons] = useState((row?.decline_reasons ?? []).join(', '));
  const save = (client: Client): Promise<unknown> => {
    const decline_reasons = reasons
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
    const body = { name, channels, delivery, auto_accept: automatic, decline_reasons };
    return row
      ? client.patch(`/v1/queues/${row.id}`, { body, headers: seen(row) })
      : client.post('/v1/queues', { body: { ...body, department_id: department } });
  };
  return (
    <EditDialog
      title={t(row ? 'queue.edit' : 'queue.new')}
      ready={name.trim() !== '' && department !== ''}
      save={save}
      onClose={onClose}
    >
      <TextField
        label={t('admin.name')}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {!row && (
        <Select
          label={t('word.department')}
          value={department}
          onChange={setDepartment}
          options={departments.map((one) => ({ value: one.id, label: one.name }))}
        />
      )}
      <fieldset className="checks">
        <legend>{t('queue.channels')}</legend>
        {CHANNELS.map((kind) => (
          <Check
            key={kind}
            label={t(`channel.${kind}`)}
            checked={channels.length === 0 || channels.includes(kind)}
            onChange={(on) => {
              const now = channels.length === 0 ? CHANNELS : channels;
              setChannels(on ? [...now, kind] : now.filter((one) => one !== kind));
            }}
          />
        ))}
      </fieldset>
      <Select
        label={t('queue.delivery')}
        hint={t(`queue.delivery.${delivery}_hint`)}
        value={delivery}
        onChange={setDelivery}
        options={['push', 'pull', 'open'].map((value) => ({
          value,
          label: t(`queue.delivery.${value}`),
        }))}
      />
      <Switch
        label={t('queue.auto_accept')}
        hint={t('queue.auto_accept_hint')}
        checked={automatic}
        onChange={setAutomatic}
      />
      <TextField
        label={t('queue.reasons')}
        hint={t('queue.reasons_hint')}
        value={reasons}
        onChange={(event) => setReasons(event.target.value)}
      />
    </EditDialog>
  );
}

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
