// The head of the list: tabs, kept views, order and filters.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedView } from '@api/types';
import { count } from '@i18n/format';
import { Button, IconButton } from '@ui/Button';
import { Select } from '@ui/Field';
import { Tabs } from '@ui/Small';
import { useLanguage, useSetup } from '@agent/data/hooks';
import { go, href } from '@agent/data/router';
import { useCommand } from '@agent/parts/commands';
import { SORTS, TABS, type Filter, type Sort, type TabName } from './rules';
import type { ListState } from './useList';
import { useViewCounts } from './useViewCounts';
import { ViewDialog } from './ViewDialog';
import { draftOf, emptyDraft, type Draft } from './draft';

/** The server counts no further. */
const COUNTED_MAX = 1_000;

interface HeadProps {
  filter: Filter;
  list: ListState;
  change: (part: Partial<Filter>) => void;
}

function Filters({ filter, change, save }: Omit<HeadProps, 'list'> & { save: () => void }) {
  const { t } = useTranslation();
  const { departments } = useSetup();
  return (
    <div className="list-filters">
      <Select
        label={t('inbox.sort')}
        value={filter.sort}
        onChange={(sort) => change({ sort: sort as Sort })}
        options={SORTS.map((value) => ({ value, label: t(`inbox.sort.${value}`) }))}
      />
      {filter.tab === 'all' && (
        <Select
          label={t('inbox.state')}
          value={filter.state}
          onChange={(state) => change({ state })}
          options={['open', 'solved', 'closed', 'any'].map((value) => ({
            value,
            label: t(`inbox.state.${value}`),
          }))}
        />
      )}
      {filter.tab !== 'view' && (
        <Select
          label={t('word.department')}
          value={filter.department}
          onChange={(department) => change({ department })}
          options={[
            { value: '', label: t('inbox.all_departments') },
            ...departments.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
      )}
      <Button small icon="plus" onClick={save}>
        {t('views.save_this')}
      </Button>
    </div>
  );
}

/** Kept views as a line of chips; the first nine answer to the digits. */
function Views({
  filter,
  list,
  edit,
}: {
  filter: Filter;
  list: ListState;
  edit: (draft: Draft) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { views } = useSetup();
  const counts = useViewCounts();
  const number = (id: string): string => {
    const exact = id === filter.view && !list.more && !list.loading;
    const found = exact ? list.ids.length : (counts[id] ?? 0);
    if (found === 0) return '';
    return `${count(language, found)}${!exact && found >= COUNTED_MAX ? '+' : ''}`;
  };
  const at = (number: number) => () => {
    const view = views[number - 1];
    if (view) go(href('view', view.id));
  };
  useCommand('view_1', at(1), { when: views.length > 0, label: views[0]?.name });
  useCommand('view_2', at(2), { when: views.length > 1, label: views[1]?.name });
  useCommand('view_3', at(3), { when: views.length > 2, label: views[2]?.name });
  useCommand('view_4', at(4), { when: views.length > 3, label: views[3]?.name });
  useCommand('view_5', at(5), { when: views.length > 4, label: views[4]?.name });
  useCommand('view_6', at(6), { when: views.length > 5, label: views[5]?.name });
  useCommand('view_7', at(7), { when: views.length > 6, label: views[6]?.name });
  useCommand('view_8', at(8), { when: views.length > 7, label: views[7]?.name });
  useCommand('view_9', at(9), { when: views.length > 8, label: views[8]?.name });
  if (views.length === 0) return null;
  const current = views.find((one) => one.id === filter.view);
  return (
    <div className="view-line">
      <nav className="view-chips" aria-label={t('views.list')}>
        {views.map((one) => (
          <a
            key={one.id}
            href={href('view', one.id)}
            className={`view-chip view-${one.colour}`}
            aria-current={one === current ? 'page' : undefined}
            title={t(`views.sharing.${one.sharing}`)}
          >
            <span className="view-dot" aria-hidden="true" />
            <span className="cut">{one.name}</span>
            <span className="view-count figures">{number(one.id)}</span>
          </a>
        ))}
      </nav>
      {current?.may_edit && (
        <IconButton
          icon="edit"
          size={15}
          label={t('views.edit')}
          onClick={() => edit(draftOf(current))}
        />
      )}
    </div>
  );
}

/** What the present list shows, as the beginning of a view. */
function begun(filter: Filter, kept: SavedView | undefined): Draft {
  const draft = kept ? { ...draftOf(kept), id: undefined, name: '' } : emptyDraft();
  if (kept) return { ...draft, sort: filter.sort, sharing: 'personal' };
  const parts = [...draft.tree.parts];
  const add = (field: string, op: string, value: string | boolean | string[]): void => {
    parts.push({ field, op, value });
  };
  if (filter.tab === 'mine') add('agent', 'in', ['me']);
  if (filter.tab === 'snoozed') {
    add('snoozed', 'is', true);
    add('owner', 'in', ['me']);
  }
  if (filter.tab === 'team' || filter.state === 'open') {
    add('state', 'in', ['open', 'wait_customer', 'wait_third_party']);
  } else if (filter.state !== 'any') add('state', 'in', [filter.state]);
  if (filter.department) add('department', 'in', [filter.department]);
  if (filter.q) add('text', 'contains', filter.q);
  return { ...draft, tree: { how: 'all', parts }, sort: filter.sort };
}

export function Head({ filter, list, change }: HeadProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { counters, views } = useSetup();
  const [open, setOpen] = useState(false);
  const [draft, setDraft] = useState<Draft>();
  const number = (tab: TabName): string | undefined => {
    const exact =
      tab === filter.tab && !list.more && !list.loading ? list.ids.length : counters[tab];
    return exact ? count(language, exact) : undefined;
  };
  const kept = views.find((one) => one.id === filter.view);
  return (
    <header className="list-head">
      <div className="row">
        <h1 className="panel-title grow">{t('word.inbox')}</h1>
        <IconButton
          icon="settings"
          label={t('inbox.filters')}
          aria-pressed={open}
          onClick={() => setOpen(!open)}
        />
      </div>
      <Tabs
        label={t('inbox.views')}
        value={filter.tab}
        onChange={(tab) => change({ tab: tab as TabName, view: '' })}
        controls="case-list"
        tabs={TABS.map((id) => ({
          id,
          label: t(`inbox.tab.${id}`),
          count: number(id),
          alarm: id === 'repair',
        }))}
      />
      <Views filter={filter} list={list} edit={setDraft} />
      {open && (
        <Filters filter={filter} change={change} save={() => setDraft(begun(filter, kept))} />
      )}
      {filter.q && (
        <div className="row small">
          <span className="grow cut">{t('inbox.found', { text: filter.q })}</span>
          <Button small look="quiet" onClick={() => change({ q: '' })}>
            {t('inbox.clear')}
          </Button>
        </div>
      )}
      {draft && <ViewDialog draft={draft} onClose={() => setDraft(undefined)} />}
    </header>
  );
}
