// The line that brings the chat to a website, ready to copy, per widget.

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Async } from '@ui/Async';
import { Select } from '@ui/Field';
import { asError } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import type { AccountRow } from './ChannelDialog';
import { CopyField } from './CopyField';
import { AdminPage, useRowsOf } from './list';

function Snippet({ row }: { row: AccountRow }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['admin', 'snippet', row.id],
    queryFn: () =>
      client.get<{ snippet?: string; html?: string }>(`/v1/channel_accounts/${row.id}/snippet`),
  });
  const text = query.data?.snippet ?? query.data?.html ?? '';
  return (
    <Async
      loading={query.isLoading}
      error={asError(query.error)}
      retry={() => void query.refetch()}
    >
      <CopyField label={t('widget.snippet')} text={text} />
    </Async>
  );
}

export function WidgetPage() {
  const { t } = useTranslation();
  const list = useRowsOf<AccountRow>('/v1/channel_accounts');
  const chats = { ...list, rows: list.rows.filter((row) => row.kind === 'chat') };
  const [chosen, setChosen] = useState('');
  const row = chats.rows.find((one) => one.id === chosen) ?? chats.rows[0];
  return (
    <AdminPage
      title={t('admin.widget')}
      hint={t('widget.hint')}
      empty={t('widget.none')}
      list={chats}
    >
      <div className="stack admin-pad">
        <Select
          label={t('widget.which')}
          value={row?.id ?? ''}
          onChange={setChosen}
          options={chats.rows.map((one) => ({ value: one.id, label: one.name }))}
        />
        {row && <Snippet key={row.id} row={row} />}
        <p className="small soft">{t('widget.csp')}</p>
        <a className="small" href={href('admin', 'channels')}>
          {t('widget.settings')}
        </a>
      </div>
    </AdminPage>
  );
}
