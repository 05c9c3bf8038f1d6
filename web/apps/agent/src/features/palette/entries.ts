// What the palette offers: commands of the moment, places, views, people, and what the server finds.

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SearchAnswer } from '@api/types';
import { written } from '@keys/combo';
import { rowOf } from '@keys/table';
import type { IconName } from '@ui/Icon';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { commandName, useBindings, useMounted } from '@agent/parts/commands';
import { type Answering } from '@agent/parts/registry';
import { adminGroups } from '@agent/parts/rights';
import { foldAll, type Entry, type Folded } from './rank';

export interface Choice extends Entry {
  icon: IconName;
  keys?: string;
  address?: string;
  run?: () => unknown;
}

const MINE = ['me', 'keys', 'notices'] as const;

/** What one came to do stands before what moves one about. */
const FIRST = ['case', 'write', 'work', 'go', 'help', 'select', 'move'];
/** Enter alone does the first: that is never to take something back. */
const rank = ({ command }: Answering): number =>
  command === 'undo' ? FIRST.length : FIRST.indexOf(rowOf(command).group);

function useCommands(): Choice[] {
  const { t } = useTranslation();
  const mounted = useMounted();
  const bindings = useBindings();
  return useMemo(
    () =>
      mounted
        .filter((one) => one.command !== 'palette' && one.command !== 'search')
        .sort((a, b) => rank(a) - rank(b))
        .map((one) => {
          const combo = bindings.find((binding) => binding.command === one.command)?.keys[0];
          return {
            id: `command ${one.command}`,
            kind: 'command',
            icon: 'bolt',
            name: one.label ?? commandName(t, one.command),
            also: commandName(t, one.command),
            keys: combo === undefined ? undefined : written(combo),
            run: one.run,
          };
        }),
    [mounted, bindings, t],
  );
}

function usePlaces(): Choice[] {
  const { t } = useTranslation();
  const { me, colleagues, departments } = useSetup();
  return useMemo(() => {
    const admin = adminGroups(me)
      .flatMap((group) => group.pages)
      .map((page): Choice => ({
        id: `admin ${page}`,
        kind: 'settings',
        icon: 'settings',
        name: t(`admin.${page}`),
        hint: t('word.admin'),
        address: href('admin', page),
      }));
    const mine = MINE.map((page): Choice => ({
      id: `mine ${page}`,
      kind: 'settings',
      icon: 'user',
      name: t(`settings.${page}`),
      hint: t('command.go_settings'),
      address: href('profile', page),
    }));
    const people = colleagues.map((one): Choice => ({
      id: `person ${one.id}`,
      kind: 'person',
      icon: 'user',
      name: one.name,
      hint: t(`status.${one.status}`, { defaultValue: '' }),
      address: href('inbox', 'all', { q: one.name, state: 'any' }),
    }));
    const teams = departments.map((one): Choice => ({
      id: `department ${one.id}`,
      kind: 'view',
      icon: 'building',
      name: one.name,
      hint: t('word.department'),
      address: href('inbox', 'all', { department: one.id }),
    }));
    const history: Choice = {
      id: 'place search',
      kind: 'history',
      icon: 'search',
      name: t('palette.kind.history'),
      address: href('search'),
    };
    return [history, ...mine, ...admin, ...teams, ...people];
  }, [t, me.roles, colleagues, departments]);
}

interface SavedView {
  id: string;
  name: string;
}

/** Saved views; a server that has none answers with nothing. */
function useViews(): Choice[] {
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['views'],
    queryFn: () => client.get<{ items: SavedView[] }>('/v1/views'),
    retry: false,
  });
  return useMemo(
    () =>
      (query.data?.items ?? []).map((one) => ({
        id: `view ${one.id}`,
        kind: 'view',
        icon: 'inbox' as const,
        name: one.name,
        address: href('view', one.id),
      })),
    [query.data],
  );
}

export function useEntries(): Folded<Choice>[] {
  const commands = useCommands();
  const places = usePlaces();
  const views = useViews();
  return useMemo(() => foldAll([...commands, ...views, ...places]), [commands, views, places]);
}

/** Cases and customers the server finds for the words. */
export function useFound(asked: string): { found: Choice[]; searching: boolean; failed: boolean } {
  const { client } = useWorkspace();
  const query = useQuery({
    queryKey: ['search', asked],
    queryFn: () => client.get<SearchAnswer>('/v1/search/suggestions', { query: { q: asked } }),
    enabled: asked.length > 1,
    placeholderData: (before) => before,
  });
  const found = useMemo(() => {
    if (asked.length < 2) return [];
    const cases = (query.data?.cases ?? []).slice(0, 8).map((row): Choice => ({
      id: `case ${row.id}`,
      kind: 'case',
      icon: 'inbox',
      name: row.title || row.reference,
      hint: `${row.reference} · ${row.customer.name}`,
      address: href('case', row.id),
    }));
    const customers = (query.data?.customers ?? []).slice(0, 5).map((row): Choice => ({
      id: `customer ${row.id}`,
      kind: 'customer',
      icon: 'users',
      name: row.name,
      address: href('customer', row.id),
    }));
    return [...cases, ...customers];
  }, [asked, query.data]);
  return { found, searching: query.isFetching, failed: query.isError };
}
