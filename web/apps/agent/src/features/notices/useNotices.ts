// The notices of this person: fetched once, kept true by the stream, newest first.

import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { Notice } from '@api/types';
import { useWorkspace } from '@agent/data/hooks';

const SHOWN = 50;

interface Page {
  items: Notice[];
  unread: number;
}

export interface Notices {
  items: readonly Notice[];
  unread: number;
  read: (id: string) => void;
  readAll: () => void;
  error: unknown;
  loading: boolean;
  retry: () => void;
}

export function useNotices(): Notices {
  const { client, store } = useWorkspace();
  const query = useQuery({
    queryKey: ['notices'],
    queryFn: async () => {
      const page = await client.get<Page>('/v1/notices', { query: { limit: SHOWN } });
      store.putAll('notice', page.items);
      return page;
    },
  });
  const [items, setItems] = useState<readonly Notice[]>([]);
  useEffect(() => {
    const take = (): void =>
      setItems([...store.all('notice')].sort((a, b) => (a.at < b.at ? 1 : -1)).slice(0, SHOWN));
    take();
    return store.watchType('notice', take);
  }, [store, query.data]);
  const read = useCallback(
    (id: string) => {
      const known = store.get('notice', id);
      if (known && !known.read_at)
        store.put('notice', { ...known, read_at: new Date().toISOString() });
      void client.post(`/v1/notices/${id}/read`).catch(() => undefined);
    },
    [client, store],
  );
  const readAll = useCallback(() => {
    const at = new Date().toISOString();
    for (const one of store.all('notice'))
      if (!one.read_at) store.put('notice', { ...one, read_at: at });
    void client.post('/v1/notices/read').catch(() => undefined);
  }, [client, store]);
  const unread = useMemo(() => items.filter((one) => !one.read_at).length, [items]);
  return {
    items,
    unread,
    read,
    readAll,
    error: query.error,
    loading: query.isLoading,
    retry: () => void query.refetch(),
  };
}
