// Articles: answers with a title and, where customers can read them, an address.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import type { Article, Texts } from '@api/types';
import { Button } from '@ui/Button';
import { TextField } from '@ui/Field';
import { useLanguage } from '@agent/data/hooks';
import { EditDialog } from './EditDialog';
import { AdminPage, seen, useEditing, useRowsOf } from './list';
import { filled, owned, OwnerFields, ownerOf, RowActions, ScopeChip, TextsField } from './shelf';
import { Named, Table } from './Table';

const PATH = '/v1/articles';

function ArticleDialog({ row, onClose }: { row?: Article; onClose: () => void }) {
  const { t } = useTranslation();
  const [titles, setTitles] = useState<Texts>(row?.titles ?? {});
  const [bodies, setBodies] = useState<Texts>(row?.bodies ?? {});
  const [url, setUrl] = useState(row?.url ?? '');
  const [owner, setOwner] = useState(ownerOf(row, 'all'));
  const [title, body] = [filled(titles), filled(bodies)];
  const good = url === '' || /^https?:\/\/\S+$/.test(url);
  const save = (client: Client): Promise<unknown> => {
    const wish = { titles: title, bodies: body, url, ...owned(owner) };
    return row
      ? client.patch(`${PATH}/${row.id}`, { body: wish, headers: seen(row) })
      : client.post(PATH, { body: wish });
  };
  return (
    <EditDialog
      wide
      title={t(row ? 'article.edit' : 'article.new')}
      ready={good && Object.keys(title).length > 0 && Object.keys(body).length > 0}
      save={save}
      onClose={onClose}
    >
      <TextsField
        label={t('article.text')}
        titleLabel={t('article.title')}
        texts={bodies}
        titles={titles}
        onChange={(texts, heads) => {
          setBodies(texts);
          setTitles(heads);
        }}
      />
      <TextField
        label={t('article.url')}
        hint={t('article.url_hint')}
        error={good ? undefined : t('article.url_wrong')}
        value={url}
        onChange={(event) => setUrl(event.target.value.trim())}
      />
      <OwnerFields owner={owner} onChange={setOwner} />
    </EditDialog>
  );
}

export function Articles() {
  const { t } = useTranslation();
  const language = useLanguage();
  const list = useRowsOf<Article>(PATH);
  const { editing, add, edit, close } = useEditing<Article>();
  const title = (row: Article): string =>
    row.titles[language as keyof Texts] ?? Object.values(row.titles)[0] ?? '';
  return (
    <AdminPage
      title={t('admin.articles')}
      hint={t('article.hint')}
      empty={t('article.none')}
      list={list}
      action={
        <Button look="primary" icon="plus" onClick={add}>
          {t('article.new')}
        </Button>
      }
      dialogs={editing && <ArticleDialog row={editing.row} onClose={close} />}
    >
      <Table
        rows={list.rows}
        columns={[
          {
            head: t('article.title'),
            by: (row) => title(row),
            show: (row) => <Named name={title(row)} hint={row.url} />,
          },
          {
            head: t('snippet.languages'),
            wide: true,
            show: (row) => Object.keys(row.bodies).join(' '),
          },
          { head: t('snippet.scope'), show: (row) => <ScopeChip row={row} /> },
        ]}
        actions={(row) => (
          <RowActions path={PATH} row={row} name={title(row)} onEdit={() => edit(row)} />
        )}
      />
    </AdminPage>
  );
}
