// The list panel: tabs, filters and a virtualised list that never jumps under the hand.

import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '@i18n/format';
import { Async, Skeleton } from '@ui/Async';
import { Button, IconButton } from '@ui/Button';
import { Select } from '@ui/Field';
import { Tabs } from '@ui/Small';
import { useLanguage, useSetup } from '@agent/data/hooks';
import { go, href, type Route } from '@agent/data/router';
import { Rows } from './Rows';
import { SORTS, TABS, type Filter, type Sort, type TabName } from './rules';
import { useList, type ListState } from './useList';

export function filterOf(route: Route): Filter {
  const [, tab] = route.parts;
  const sort = route.query.get('sort');
  return {
    tab: TABS.find((name) => name === tab) ?? 'mine',
    state: route.query.get('state') ?? 'open',
    department: route.query.get('department') ?? '',
    sort: SORTS.find((name) => name === sort) ?? 'due',
    q: route.query.get('q') ?? '',
  };
}

export const addressOf = (filter: Filter, id?: string): string =>
  href('inbox', filter.tab, ...(id ? [id] : []), {
    state: filter.state === 'open' ? '' : filter.state,
    department: filter.department,
    sort: filter.sort === 'due' ? '' : filter.sort,
    q: filter.q,
  });

function Filters({ filter, change }: { filter: Filter; change: (part: Partial<Filter>) => void }) {
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
      <Select
        label={t('inbox.state')}
        value={filter.state}
        onChange={(state) => change({ state })}
        options={['open', 'solved', 'closed', 'any'].map((value) => ({
          value,
          label: t(`inbox.state.${value}`),
        }))}
      />
      <Select
        label={t('word.department')}
        value={filter.department}
        onChange={(department) => change({ department })}
        options={[
          { value: '', label: t('inbox.all_departments') },
          ...departments.map((one) => ({ value: one.id, label: one.name })),
        ]}
      />
    </div>
  );
}

function Content({
  filter,
  list,
  selected,
}: {
  filter: Filter;
  list: ListState;
  selected?: string;
}) {
  const { t } = useTranslation();
  return (
    <Async
      loading={list.loading && list.ids.length === 0}
      error={list.error}
      stale={list.error !== null && list.ids.length > 0}
      retry={list.reload}
      skeleton={<Skeleton rows={7} tall />}
      empty={list.ids.length === 0}
      nothing={{
        title: t(filter.q ? 'inbox.empty.found' : `inbox.empty.${filter.tab}`),
        hint: t(filter.q ? 'inbox.empty.found_hint' : `inbox.empty.${filter.tab}_hint`),
        icon: filter.tab === 'repair' ? 'check' : 'inbox',
      }}
    >
      <Rows list={list} selected={selected} onOpen={(id) => go(addressOf(filter, id))} />
    </Async>
  );
}

export function Inbox({ route, selected }: { route: Route; selected?: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { counters } = useSetup();
  const [open, setOpen] = useState(false);
  const wanted = JSON.stringify(filterOf(route));
  const filter = useMemo(() => JSON.parse(wanted) as Filter, [wanted]);
  const list = useList(filter);
  const change = (part: Partial<Filter>): void => go(addressOf({ ...filter, ...part }, selected));
  const number = (tab: TabName): string | undefined => {
    const exact =
      tab === filter.tab && !list.more && !list.loading ? list.ids.length : counters[tab];
    return exact ? count(language, exact) : undefined;
  };
  return (
    <section className="list-panel" aria-label={t('word.inbox')}>
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
          onChange={(tab) => change({ tab: tab as TabName })}
          controls="case-list"
          tabs={TABS.map((id) => ({
            id,
            label: t(`inbox.tab.${id}`),
            count: number(id),
            alarm: id === 'repair',
          }))}
        />
        {open && <Filters filter={filter} change={change} />}
        {filter.q && (
          <div className="row small">
            <span className="grow cut">{t('inbox.found', { text: filter.q })}</span>
            <Button small look="quiet" onClick={() => change({ q: '' })}>
              {t('inbox.clear')}
            </Button>
          </div>
        )}
      </header>
      {(list.pending > 0 || list.outdated) && (
        <button
          type="button"
          className="pill"
          onClick={() => (list.outdated ? list.reload() : list.view.order())}
        >
          {list.outdated ? t('inbox.outdated') : t('inbox.pending', { count: list.pending })}
        </button>
      )}
      <div
        className="list-body"
        id="case-list"
        role="tabpanel"
        aria-label={t(`inbox.tab.${filter.tab}`)}
      >
        <Content filter={filter} list={list} selected={selected} />
      </div>
    </section>
  );
}
