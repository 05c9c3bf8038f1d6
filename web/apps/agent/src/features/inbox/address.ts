// Lists in the address: tab or view, order and filters; every state can be sent to a colleague.

import type { SavedView } from '@api/types';
import { href, type Route } from '@agent/data/router';
import { SORTS, TABS, type Filter } from './rules';

/** Whether the desk stands at this address, and which Case is open beside the list. */
export function selectedOf(route: Route): string | undefined {
  const [place, first, second] = route.parts;
  if (place === 'case') return first;
  return place === 'inbox' || place === 'view' ? second : undefined;
}

export function filterOf(route: Route, views: readonly SavedView[] = []): Filter {
  const [place, name] = route.parts;
  const wanted = route.query.get('sort');
  const view = place === 'view' ? (name ?? '') : '';
  const kept = views.find((one) => one.id === view)?.sort ?? 'due';
  return {
    tab: view ? 'view' : (TABS.find((tab) => place === 'inbox' && tab === name) ?? 'mine'),
    view,
    state: route.query.get('state') ?? 'open',
    department: route.query.get('department') ?? '',
    sort: SORTS.find((sort) => sort === wanted) ?? kept,
    q: route.query.get('q') ?? '',
  };
}

export function addressOf(filter: Filter, id?: string, usual = 'due'): string {
  const parts = filter.tab === 'view' ? ['view', filter.view] : ['inbox', filter.tab];
  return href(...parts, ...(id ? [id] : []), {
    state: filter.state === 'open' ? '' : filter.state,
    department: filter.department,
    sort: filter.sort === usual ? '' : filter.sort,
    q: filter.q,
  });
}
