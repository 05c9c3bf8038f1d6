// Our ends of the channels: mailboxes and widgets, their health, a test that tells each step.

import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { mediumTime } from '@i18n/format';
import { Icon } from '@ui/Icon';
import { Menu } from '@ui/Menu';
import { Chip, type Tone } from '@ui/Small';
import { useEntity, useLanguage, useNames, useNow } from '@agent/data/hooks';
import { ChannelMark } from '@agent/parts/Marks';
import { ChannelDialog, type AccountRow } from './ChannelDialog';
import { ChannelSteps } from './ChannelSteps';
import { TestDialog } from './TestDialog';
import { CERTIFICATE_SOON_MS, TOKEN_SOON_MS } from './expiry';
import { Light, type LightRow } from './Light';
import { Named, Table } from './Table';
import { AdminPage, useRowsOf, useSave } from './list';
import type { Manifest } from './schema';

const TONES: Record<string, Tone> = {
  working: 'good',
  degraded: 'warn',
  broken: 'bad',
  paused: 'plain',
};

/** What is wrong, in our words where the code is known; the far end's own words besides. */
function health(row: AccountRow, t: TFunction): string {
  const { code = '', detail = '' } = (row.health ?? {}) as { code?: string; detail?: string };
  if (!code) return detail;
  const words = t(`account.health.${code}`, { defaultValue: code.replaceAll('_', ' ') });
  return [words, detail === code ? '' : detail].filter(Boolean).join(': ');
}

/** What can be done with an account. */
function Acts({
  row,
  onEdit,
  onSteps,
  onTest,
}: {
  row: AccountRow;
  onEdit: () => void;
  onSteps: () => void;
  onTest: () => void;
}) {
  const { t } = useTranslation();
  const { client, save } = useSave();
  const call = (verb: string): void =>
    void save(() => client.post(`/v1/channel_accounts/${row.id}/${verb}`));
  const paused = row.state === 'paused';
  return (
    <Menu
      label={t('admin.actions_for', { name: row.name })}
      side="right"
      button={<Icon name="more" />}
      items={[
        { id: 'edit', label: t('ui.edit'), icon: 'edit', onSelect: onEdit },
        ...(row.kind === 'email'
          ? [
              {
                id: 'steps',
                label: t('channels.steps'),
                icon: 'checks' as const,
                onSelect: onSteps,
              },
            ]
          : []),
        { id: 'test', label: t('channels.test'), icon: 'send', onSelect: onTest },
        {
          id: 'check',
          label: t('channels.check'),
          icon: 'refresh',
          onSelect: () => call('check'),
        },
        'line',
        {
          id: paused ? 'resume' : 'pause',
          label: t(paused ? 'channels.resume' : 'channels.pause'),
          icon: paused ? 'play' : 'pause',
          onSelect: () => call(paused ? 'resume' : 'pause'),
        },
      ]}
    />
  );
}

/** Until when the certificate and the sign-in by token are good; loud when one ends soon. */
function Expiry({ row }: { row: AccountRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = useNow(3_600_000);
  const health = row.health as { expires_at?: string; sign_in_until?: string | null } | undefined;
  const ends = [
    { text: 'channels.certificate_until', at: health?.expires_at, soon: CERTIFICATE_SOON_MS },
    { text: 'channels.sign_in_until', at: health?.sign_in_until, soon: TOKEN_SOON_MS },
  ];
  return ends.map(({ text, at, soon }) => {
    if (!at) return null;
    const until = Date.parse(at);
    return (
      <div key={text} className={until < now + soon ? 'tiny light-bad' : 'tiny soft'}>
        {t(text, { at: mediumTime(language, until) })}
      </div>
    );
  });
}

/** The stream knows the state sooner than the list that was fetched. */
function State({ row: fetched }: { row: AccountRow }) {
  const { t } = useTranslation();
  const row = { ...fetched, ...useEntity('account', fetched.id) };
  return (
    <>
      <Chip
        tone={TONES[row.state]}
        icon={row.state === 'working' ? 'check' : row.state === 'paused' ? 'pause' : 'alert'}
      >
        {t(`account.state.${row.state}`)}
      </Chip>
      <div className="tiny soft">{health(row, t)}</div>
      <Expiry row={row} />
    </>
  );
}

export function Channels() {
  const { t } = useTranslation();
  const language = useLanguage();
  const names = useNames();
  const list = useRowsOf<AccountRow>('/v1/channel_accounts');
  const kinds = useRowsOf<Manifest>('/v1/channel_kinds');
  const lights = useRowsOf<LightRow>('/v1/channel_lights');
  const [editing, setEditing] = useState<{ manifest: Manifest; row?: AccountRow }>();
  const [testing, setTesting] = useState<AccountRow>();
  const [steps, setSteps] = useState<AccountRow>();
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
      dialogs={
        <>
          {editing && (
            <ChannelDialog
              manifest={editing.manifest}
              row={editing.row}
              onClose={() => setEditing(undefined)}
            />
          )}
          {steps && <ChannelSteps row={steps} onClose={() => setSteps(undefined)} />}
          {testing && <TestDialog row={testing} onClose={() => setTesting(undefined)} />}
        </>
      }
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('admin.name'),
            by: (row) => `${row.name} ${row.address}`,
            show: (row) => (
              <Named
                mark={<ChannelMark kind={row.kind} size={18} />}
                name={row.name}
                hint={row.address}
              />
            ),
          },
          {
            head: t('channels.health'),
            by: (row) => t(`account.state.${row.state}`),
            show: (row) => <State row={row} />,
          },
          {
            head: t('channels.life'),
            wide: true,
            show: (row) => <Light light={lights.rows.find((one) => one.account_id === row.id)} />,
          },
          {
            head: t('word.department'),
            wide: true,
            by: (row) => names.department(row.department_id),
            show: (row) => names.department(row.department_id),
          },
        ]}
        actions={(row) => (
          <Acts
            row={row}
            onEdit={() => {
              const found = manifest(row.kind);
              if (found) setEditing({ manifest: found, row });
            }}
            onSteps={() => setSteps(row)}
            onTest={() => setTesting(row)}
          />
        )}
      />
    </AdminPage>
  );
}
