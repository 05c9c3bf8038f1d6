// Snippets: texts that are written by their shortcut; per language, for one person, a department or all.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import type { Snippet } from '@api/types';
import { Button } from '@ui/Button';
import { useLanguage } from '@agent/data/hooks';
import { isCalled, SnippetFields } from '@agent/parts/SnippetFields';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useEditing, useRowsOf } from './list';
import { filled, owned, OwnerFields, ownerOf, RowActions, ScopeChip, TextsField } from './shelf';
import { Named, Table } from './Table';

const PATH = '/v1/snippets';

function SnippetDialog({ row, onClose }: { row?: Snippet; onClose: () => void }) {
  const { t } = useTranslation();
  const [called, setCalled] = useState({ shortcut: row?.shortcut ?? '', name: row?.name ?? '' });
  const [bodies, setBodies] = useState(row?.bodies ?? {});
  const [owner, setOwner] = useState(ownerOf(row, 'all'));
  const written = filled(bodies);
  const save = (client: Client): Promise<unknown> => {
    const { shortcut, name } = called;
    const body = { shortcut, name: name.trim(), bodies: written, ...owned(owner) };
    return row
      ? client.patch(`${PATH}/${row.id}`, { body, headers: seen(row) })
      : client.post(PATH, { body });
  };
  return (
    <EditDialog
      wide
      title={t(row ? 'snippet.edit' : 'snippet.new')}
      ready={isCalled(called) && Object.keys(written).length > 0}
      save={save}
      onClose={onClose}
    >
      <SnippetFields called={called} onChange={setCalled} />
      <OwnerFields owner={owner} onChange={setOwner} />
      <TextsField label={t('snippet.text')} texts={bodies} onChange={setBodies} />
    </EditDialog>
  );
}

export function Snippets() {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useRowsOf<Snippet>(PATH);
  const { editing, add, edit, close } = useEditing<Snippet>();
  const text = (row: Snippet): string =>
    row.bodies[language as keyof Snippet['bodies']] ?? Object.values(row.bodies)[0] ?? '';
  return (
    <AdminPage
      title={t('admin.snippets')}
      hint={t('snippet.hint')}
      empty={t('snippet.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('snippet.new')}
        </Button>
      }
      dialogs={editing && <SnippetDialog row={editing.row} onClose={close} />}
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('snippet.name'),
            by: (row) => `${row.name} ${row.shortcut}`,
            show: (row) => <Named name={row.name} hint={`/${row.shortcut}`} />,
          },
          {
            head: t('snippet.text'),
            by: (row) => text(row),
            wide: true,
            show: (row) => <span className="soft">{text(row).slice(0, 120)}</span>,
          },
          {
            head: t('snippet.languages'),
            wide: true,
            show: (row) => Object.keys(row.bodies).join(' '),
          },
          { head: t('snippet.scope'), show: (row) => <ScopeChip row={row} /> },
        ]}
        actions={(row) => (
          <RowActions path={PATH} row={row} name={row.name} onEdit={() => edit(row)} />
        )}
      />
    </AdminPage>
  );
}
