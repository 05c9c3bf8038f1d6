// Other systems a ladder tells: address, secret (told once), a test, and what became of the calls.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Button, IconButton } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { Switch, TextField } from '@ui/Field';
import { Chip, type Tone } from '@ui/Small';
import { asError } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { Ago } from '@agent/parts/Marks';
import { CopyField } from './CopyField';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useEditing, useRowsOf, useSave } from './list';
import { Named, Table } from './Table';

export interface HookRow {
  id: string;
  version: number;
  name: string;
  url: string;
  active: boolean;
}

interface CallRow {
  id: string;
  type: string;
  state: 'queued' | 'sending' | 'sent' | 'failed';
  tries: number;
  why: string | null;
  created_at: string;
}

const TONES: Record<CallRow['state'], Tone> = {
  queued: 'plain',
  sending: 'plain',
  sent: 'good',
  failed: 'bad',
};

function HookDialog({ row, onClose }: { row?: HookRow; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(row?.name ?? '');
  const [url, setUrl] = useState(row?.url ?? 'https://');
  const [active, setActive] = useState(row?.active ?? true);
  const body = { name: name.trim(), url: url.trim(), active };
  return (
    <EditDialog
      title={t(row ? 'hook.edit' : 'hook.new')}
      ready={body.name !== '' && /^https?:\/\/.+/.test(body.url)}
      save={(client) =>
        row
          ? client.patch(`/v1/hooks/${row.id}`, { body, headers: seen(row) })
          : client.post('/v1/hooks', { body })
      }
      onClose={onClose}
    >
      <TextField
        label={t('admin.name')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t('hook.url')}
        hint={t('hook.url_hint')}
        type="url"
        value={url}
        maxLength={2000}
        onChange={(event) => setUrl(event.target.value)}
      />
      <Switch label={t('hook.active')} checked={active} onChange={setActive} />
    </EditDialog>
  );
}

function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      title={t('hook.secret')}
      onClose={onClose}
      actions={
        <Button look="primary" onClick={onClose}>
          {t('ui.close')}
        </Button>
      }
    >
      <p className="soft">{t('hook.secret_hint')}</p>
      <CopyField label={t('hook.secret')} text={secret} />
    </Dialog>
  );
}

function Calls({ row, onClose }: { row: HookRow; onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['admin', 'hook', row.id],
    queryFn: async () =>
      (await client.get<{ items: CallRow[] }>(`/v1/hooks/${row.id}/calls`)).items,
    refetchInterval: 3000,
  });
  const why = (one: CallRow): string =>
    one.why ? t(`hook.why.${one.why}`, { defaultValue: one.why.replaceAll('_', ' ') }) : '';
  return (
    <Dialog wide title={t('hook.calls_to', { name: row.name })} onClose={onClose}>
      <Async
        loading={query.isLoading}
        error={asError(query.error)}
        retry={() => void query.refetch()}
        empty={query.data?.length === 0}
        nothing={{ title: t('hook.no_calls') }}
      >
        <ul className="plain-list stack">
          {query.data?.map((one) => (
            <li key={one.id} className="row wrap">
              <Chip tone={TONES[one.state]}>{t(`hook.state.${one.state}`)}</Chip>
              <span className="grow">{t(`hook.type.${one.type}`, { defaultValue: one.type })}</span>
              <span className="small soft">
                {[t('hook.tries', { count: one.tries }), why(one)].filter(Boolean).join(' · ')}{' '}
                <Ago at={one.created_at} />
              </span>
            </li>
          ))}
        </ul>
      </Async>
    </Dialog>
  );
}

export function Hooks() {
  const { t } = useTranslation();
  const list = useRowsOf<HookRow>('/v1/hooks');
  const { save, client } = useSave();
  const { editing, add, edit, close } = useEditing<HookRow>();
  const [secret, setSecret] = useState('');
  const [calls, setCalls] = useState<HookRow>();
  const renew = (row: HookRow): Promise<boolean> =>
    save(async () => {
      const told = await client.post<{ secret: string }>(`/v1/hooks/${row.id}/secret`);
      setSecret(told.secret);
    }, t('hook.secret_made'));
  return (
    <AdminPage
      part
      title={t('hook.title')}
      hint={t('hook.hint')}
      empty={t('hook.none')}
      list={list}
      action={
        <Button icon="plus" onClick={add}>
          {t('hook.new')}
        </Button>
      }
      dialogs={
        <>
          {editing && <HookDialog row={editing.row} onClose={close} />}
          {secret && <SecretDialog secret={secret} onClose={() => setSecret('')} />}
          {calls && <Calls row={calls} onClose={() => setCalls(undefined)} />}
        </>
      }
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            by: (row) => row.name,
            show: (row) => <Named name={row.name} hint={row.url} />,
          },
          {
            head: t('hook.state'),
            by: (row) => String(row.active),
            show: (row) => (
              <Chip tone={row.active ? 'good' : 'warn'}>
                {t(row.active ? 'hook.on' : 'hook.off')}
              </Chip>
            ),
          },
        ]}
        actions={(row) => (
          <span className="row">
            <Button small onClick={() => void renew(row)}>
              {t('hook.secret_new')}
            </Button>
            <Button
              small
              onClick={() =>
                void save(() => client.post(`/v1/hooks/${row.id}/test`), t('hook.tested')).then(
                  () => setCalls(row),
                )
              }
            >
              {t('hook.test')}
            </Button>
            <Button small look="quiet" onClick={() => setCalls(row)}>
              {t('hook.calls')}
            </Button>
            <IconButton
              icon="edit"
              label={t('admin.edit', { name: row.name })}
              onClick={() => edit(row)}
            />
            <IconButton
              icon="trash"
              label={t('hook.remove', { name: row.name })}
              onClick={() =>
                void save(
                  () => client.delete(`/v1/hooks/${row.id}`, { headers: seen(row) }),
                  t('hook.removed'),
                )
              }
            />
          </span>
        )}
      />
    </AdminPage>
  );
}
