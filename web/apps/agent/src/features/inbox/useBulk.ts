// Jobs over many Cases: begun here, run by the server, told by the stream, undone for a while.

import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { BulkAction, BulkJob } from '@api/types';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import type { Filter } from './rules';
import { asked } from './useList';
import type { Selection } from './useSelection';

export interface Bulk {
  busy: boolean;
  begin: (action: BulkAction, args?: Record<string, unknown>) => Promise<boolean>;
  save: () => Promise<boolean>;
}

/** What is chosen, as the server wants to hear it. */
function chosen(filter: Filter, selection: Selection): Record<string, unknown> {
  if (selection.all === null) return { ids: [...selection.ids] };
  const list = Object.entries(asked(filter)).filter(([, value]) => value !== undefined);
  return { list: Object.fromEntries(list) };
}

function download(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export function useBulk(filter: Filter, selection: Selection): Bulk {
  const { t } = useTranslation();
  const { client, store } = useWorkspace();
  const { busy, run } = useAct();
  const begin = useCallback(
    (action: BulkAction, args: Record<string, unknown> = {}) =>
      run(async () => {
        const body = { action, args, ...chosen(filter, selection) };
        store.put('bulk_job', await client.post<BulkJob>('/v1/bulk', { body }));
        selection.clear();
      }),
    [run, client, store, filter, selection],
  );
  const save = useCallback(
    () =>
      run(async () => {
        const body = chosen(filter, selection);
        download(await client.text('/v1/cases/export', { body }), `${t('bulk.file_name')}.csv`);
      }),
    [run, client, filter, selection, t],
  );
  return { busy, begin, save };
}
