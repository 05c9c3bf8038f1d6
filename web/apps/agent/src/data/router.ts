// A small hash router: path and query of the address after #, as one observable value.

import { useSyncExternalStore } from 'react';

export interface Route {
  parts: readonly string[];
  query: URLSearchParams;
}

let kept: { hash: string; route: Route } | undefined;

export function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?');
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  return { parts, query: new URLSearchParams(query) };
}

function current(): Route {
  if (kept?.hash !== location.hash) kept = { hash: location.hash, route: parse(location.hash) };
  return kept.route;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, current);

type Query = Record<string, string | undefined>;

/** An address of the workspace: href('inbox', 'mine', id). Empty query values are left out. */
export function href(...parts: (string | Query)[]): string {
  const path = parts.filter((part): part is string => typeof part === 'string');
  const query = parts.find((part): part is Query => typeof part === 'object') ?? {};
  const known = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const tail = known.length > 0 ? `?${new URLSearchParams(known).toString()}` : '';
  return `#/${path.map(encodeURIComponent).join('/')}${tail}`;
}

export function go(address: string, replace = false): void {
  if (replace) {
    history.replaceState(null, '', address);
    window.dispatchEvent(new HashChangeEvent('hashchange'));
  } else location.hash = address;
}
