// Our ends of the channels: mailboxes and widgets, their health, a test that tells each step.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Icon } from '@ui/Icon';
import { Menu } from '@ui/Menu';
import { Chip, type Tone } from '@ui/Small';
import { useLanguage, useNames } from '@agent/data/hooks';
import { ChannelMark } from '@agent/parts/Marks';
import { ChannelDialog, type AccountRow } from './ChannelDialog';
import { TestDialog } from './TestDialog';
import { AdminPage, useRowsOf, useSave } from './list';
import type { Manifest } from './schema';

const TONES: Record<string, Tone> = {
  working: 'good',
  degraded: 'warn',
  broken: 'bad',
  paused: 'plain',
};

function health(row: AccountRow): string {
  const facts = row.health as { code?: string; detail?: string } | null;
  return [facts?.code, facts?.detail].filter(Boolean).join(': ');
}

function AccountLine({
  row,
  onEdit,
  onTest,
}: {
  row: AccountRow;
  onEdit: () => void;
  onTest: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const { client, save } = useSave();
  const call = (verb: string): void =>
    void save(() => client.post(`/v1/channel_accounts/${row.id}/${verb}`));
  return (
    <tr>
      <td>
        <span className="row">
          <ChannelMark kind={row.kind} size={18} />
          <span className="stack-tight admin-name">
            <strong>{row.name}</strong>
            <span className="tiny soft cut">{row.address}</span>
          </span>
        </span>
      </td>
      <td>
        <Chip
          tone={TONES[row.state]}
          icon={row.state === 'working' ? 'check' : row.state === 'paused' ? 'pause' : 'alert'}
        >
          {t(`account.state.${row.state}`)}
        </Chip>
        <div className="tiny soft">{health(row)}</div>
      </td>
      <td className="only-wide">{names.department(row.department_id)}</td>
      <td>
        <Menu
          label={t('admin.actions_for', { name: row.name })}
          side="right"
          button={<Icon name="more" />}
          items={[
            { id: 'edit', label: t('ui.edit'), icon: 'edit', onSelect: onEdit },
            { id: 'test', label: t('channels.test'), icon: 'send', onSelect: onTest },
            {
              id: 'check',
              label: t('channels.check'),
              icon: 'refresh',
              onSelect: () => call('check'),
            },
            'line',
            row.state === 'paused'
              ? {
                  id: 'resume',
                  label: t('channels.resume'),
                  icon: 'play',
                  onSelect: () => call('resume'),
                }
              : {
                  id: 'pause',
                  label: t('channels.pause'),
                  icon: 'pause',
                  onSelect: () => call('pause'),
                },
          ]}
        />
      </td>
    </tr>
  );
}

export function Channels() {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useRowsOf<AccountRow>('/v1/channel_accounts');
  const kinds = useRowsOf<Manifest>('/v1/channel_kinds');
  const [editing, setEditing] = useState<{ manifest: Manifest; row?: AccountRow }>();
  const [testing, setTesting] = useState<AccountRow>();
  const manifest = (kind: string): Manifest | undefined =>
    kinds.rows.find((one) => one.kind === kind);
  return (
    <AdminPage
      title={t('admin.channels')}
      hint={t('channels.hint')}
      empty={t('channels.none')}
      list={list}
      action={
        <Menu
          label={t('channels.new')}
          side="right"
          className="button button-primary"
          button={
            <>
              <Icon name="plus" size={17} /> {t('channels.new')}
            </>
          }
          items={kinds.rows
            .filter((kind) => kind.kind !== 'loopback')
            .map((kind) => ({
              id: kind.kind,
              label: kind.title[language] ?? kind.kind,
              hint: kind.help?.[language],
              icon: kind.kind === 'email' ? ('mail' as const) : ('chat' as const),
              onSelect: () => setEditing({ manifest: kind }),
            }))}
        />
      }
    >
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('admin.name')}</th>
            <th scope="col">{t('channels.health')}</th>
            <th scope="col" className="only-wide">
              {t('word.department')}
            </th>
            <th scope="col">
              <span className="sr">{t('action.more')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {list.rows.map((row) => (
            <AccountLine
              key={row.id}
              row={row}
              onEdit={() => {
                const found = manifest(row.kind);
                if (found) setEditing({ manifest: found, row });
              }}
              onTest={() => setTesting(row)}
            />
          ))}
        </tbody>
      </table>
      {editing && (
        <ChannelDialog
          manifest={editing.manifest}
          row={editing.row}
          onClose={() => setEditing(undefined)}
        />
      )}
      {testing && <TestDialog row={testing} onClose={() => setTesting(undefined)} />}
    </AdminPage>
  );
}
