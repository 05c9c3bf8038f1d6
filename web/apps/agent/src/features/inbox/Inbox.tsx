// The list panel: tabs, views and a virtualised list that never jumps under the hand.

import { useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CasePage } from '@api/types';
import { Async, Skeleton } from '@ui/Async';
import { useAct } from '@agent/data/act';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { go, type Route } from '@agent/data/router';
import { useCommand } from '@agent/parts/commands';
import { addressOf, filterOf } from './address';
import { BulkBar } from './BulkBar';
import { Head } from './Head';
import { Jobs } from './Jobs';
import { Rows } from './Rows';
import type { Filter } from './rules';
import { asked, useList, type ListState } from './useList';
import { useSelection, type Selection } from './useSelection';

export { addressOf, filterOf, selectedOf } from './address';

interface ContentProps {
  filter: Filter;
  list: ListState;
  selected?: string;
  selection: Selection;
  total: number | undefined;
  open: (id: string) => void;
}

function Content({ filter, list, selected, selection, total, open }: ContentProps) {
  const { t } = useTranslation();
  return (
    <Async
      loading={list.loading && (!list.known || list.ids.length === 0)}
      error={list.error}
      stale={list.error !== null && list.known && list.ids.length > 0}
      retry={list.reload}
      skeleton={<Skeleton rows={7} tall />}
      empty={list.ids.length === 0}
      nothing={{
        title: t(filter.q ? 'inbox.empty.found' : `inbox.empty.${filter.tab}`),
        hint: t(filter.q ? 'inbox.empty.found_hint' : `inbox.empty.${filter.tab}_hint`),
        icon: filter.tab === 'repair' ? 'check' : 'inbox',
      }}
    >
      <Rows list={list} selected={selected} selection={selection} total={total} onOpen={open} />
    </Async>
  );
}

/** How many there are in all pages: asked for when there are more than were loaded. */
function useTotal(filter: Filter, list: ListState) {
  const { client } = useWorkspace();
  const [total, setTotal] = useState<number>();
  const ask = useCallback(async (): Promise<number> => {
    const query = { ...asked(filter), limit: 1, counted: true };
    const found = (await client.get<CasePage>('/v1/cases', { query })).count ?? 0;
    setTotal(found);
    return found;
  }, [client, filter]);
  useEffect(() => {
    setTotal(undefined);
    if (list.more) void ask().catch(() => undefined);
  }, [list.more, ask]);
  return { total, ask };
}

export function Inbox({ route, selected }: { route: Route; selected?: string }) {
  const { t } = useTranslation();
  const { views } = useSetup();
  const wanted = JSON.stringify(filterOf(route, views));
  const filter = useMemo(() => JSON.parse(wanted) as Filter, [wanted]);
  const list = useList(filter);
  const selection = useSelection(list.ids);
  const { clear, everything } = selection;
  const { run } = useAct();
  const { total, ask } = useTotal(filter, list);
  const usual = views.find((one) => one.id === filter.view)?.sort;
  useEffect(clear, [clear, filter]);
  const change = (part: Partial<Filter>): void =>
    go(addressOf({ ...filter, ...part }, selected, part.tab ? 'due' : usual));
  const open = useCallback((id: string): void => go(addressOf(filter, id, usual)), [filter, usual]);
  const all = (): void => {
    void run(async () => everything(list.more ? await ask() : list.ids.length));
  };
  useCommand('select_all', all, { when: list.ids.length > 0 });
  return (
    <section className="list-panel" aria-label={t('word.inbox')} data-panel="list">
      <Head filter={filter} list={list} change={change} />
      <div
        className="list-body"
        id="case-list"
        role="tabpanel"
        aria-label={filter.tab === 'view' ? t('views.list') : t(`inbox.tab.${filter.tab}`)}
      >
        {(list.pending > 0 || list.outdated) && (
          <button
            type="button"
            className="pill"
            onClick={() => (list.outdated ? list.reload() : list.view.order())}
          >
            {list.outdated ? t('inbox.outdated') : t('inbox.pending', { count: list.pending })}
          </button>
        )}
        <Content
          filter={filter}
          list={list}
          selected={selected}
          selection={selection}
          total={total}
          open={open}
        />
      </div>
      <Jobs />
      {selection.size > 0 && <BulkBar filter={filter} selection={selection} everything={all} />}
    </section>
  );
}
