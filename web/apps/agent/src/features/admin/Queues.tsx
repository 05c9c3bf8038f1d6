// Queues: lines of waiting work, how it is handed out, and who serves them in which order.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Queue } from '@api/types';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Check, Select, Switch, TextField } from '@ui/Field';
import { Chip } from '@ui/Small';
import { useNames, useSetup } from '@agent/data/hooks';
import { ChannelMark } from '@agent/parts/Marks';
import { MembersDialog } from './MembersDialog';
import { AdminPage, seen, useRowsOf, useSave } from './list';

export interface QueueRow extends Queue {
  auto_accept?: boolean;
  wrap_up_s?: number;
  members?: { agent_id: string; rank: number }[];
}

const CHANNELS = ['email', 'chat'];

function QueueDialog({ row, onClose }: { row?: QueueRow; onClose: () => void }) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  const { busy, client, save } = useSave();
  const [name, setName] = useState(row?.name ?? '');
  const [department, setDepartment] = useState(row?.department_id ?? departments[0]?.id ?? '');
  const [channels, setChannels] = useState<string[]>(row?.channels ?? []);
  const [delivery, setDelivery] = useState(row?.delivery ?? 'push');
  const [automatic, setAutomatic] = useState(row?.auto_accept ?? false);
  const [reasons, setReasons] = useState((row?.decline_reasons ?? []).join(', '));
  const submit = async (): Promise<void> => {
    const decline_reasons = reasons
      .split(',')
      .map((one) => one.trim())
      .filter(Boolean);
    const body = { name, channels, delivery, auto_accept: automatic, decline_reasons };
    const good = await save(() =>
      row
        ? client.patch(`/v1/queues/${row.id}`, { body, headers: seen(row) })
        : client.post('/v1/queues', { body: { ...body, department_id: department } }),
    );
    if (good) onClose();
  };
  return (
    <Dialog
      title={t(row ? 'queue.edit' : 'queue.new')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button
            look="primary"
            busy={busy}
            disabled={!name || !department}
            onClick={() => void submit()}
          >
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
    </Dialog>
  );
}

export function Queues() {
  const { t } = useTranslation();
  const names = useNames();
  const list = useRowsOf<QueueRow>('/v1/queues');
  const [editing, setEditing] = useState<QueueRow | 'new'>();
  const [members, setMembers] = useState<QueueRow>();
  return (
    <AdminPage
      title={t('admin.queues')}
      hint={t('queue.hint')}
      empty={t('queue.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={() => setEditing('new')}>
          {t('queue.new')}
        </Button>
      }
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('admin.name')}</th>
            <th scope="col">{t('queue.channels')}</th>
            <th scope="col" className="only-wide">
              {t('queue.delivery')}
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
                <strong>{row.name}</strong>
                <div className="tiny soft">{names.department(row.department_id)}</div>
              </td>
              <td>
                <span className="row">
                  {(row.channels && row.channels.length > 0 ? row.channels : CHANNELS).map(
                    (kind) => (
                      <ChannelMark key={kind} kind={kind} />
                    ),
                  )}
                </span>
              </td>
              <td className="only-wide">
                <Chip>{t(`queue.delivery.${row.delivery ?? 'push'}`)}</Chip>
              </td>
              <td>
                <IconButton
                  icon="users"
                  label={t('queue.members_of', { name: row.name })}
                  onClick={() => setMembers(row)}
                />
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
        <QueueDialog
          row={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
      {members && <MembersDialog queue={members} onClose={() => setMembers(undefined)} />}
    </AdminPage>
  );
}
