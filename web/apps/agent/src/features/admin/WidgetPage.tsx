// The chat on a website: how it looks, where it may stand, and the line to copy, per widget.

import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Select } from '@ui/Field';
import { Tabs } from '@ui/Small';
import { href } from '@agent/data/router';
import type { AccountRow } from './ChannelDialog';
import { CopyField } from './CopyField';
import { WidgetForm } from './WidgetForm';
import { AdminPage, useRowsOf } from './list';
import { snippets } from './widgetDraft';
import './widget.css';

/** The ways to put it on a page, each with what to do and what to copy. */
function Snippets({ row }: { row: AccountRow }) {
  const { t } = useTranslation();
  const [way, setWay] = useState('line');
  const panel = useId();
  const all = snippets(window.location.origin, row.address);
  const text = all.find((one) => one.id === way)?.text ?? '';
  return (
    <section className="stack" aria-label={t('widget.snippet')}>
      <h2>{t('widget.snippet')}</h2>
      <Tabs
        label={t('widget.ways')}
        tabs={all.map((one) => ({ id: one.id, label: t(`widget.way_${one.id}`) }))}
        value={way}
        onChange={setWay}
        controls={panel}
      />
      <div id={panel} role="tabpanel" aria-label={t(`widget.way_${way}`)} className="stack">
        <p className="small soft">{t(`widget.way_${way}_hint`)}</p>
        <CopyField key={way} label={t(`widget.way_${way}`)} text={text} />
      </div>
    </section>
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
        {chats.rows.length > 1 && (
          <Select
            label={t('widget.which')}
            value={row?.id ?? ''}
            onChange={setChosen}
            options={chats.rows.map((one) => ({ value: one.id, label: one.name }))}
          />
        )}
        {row && <Snippets row={row} />}
        {row && <WidgetForm key={`${row.id} ${row.version ?? 0}`} row={row} />}
        <a className="small" href={href('admin', 'channels')}>
          {t('widget.settings')}
        </a>
      </div>
    </AdminPage>
  );
}
