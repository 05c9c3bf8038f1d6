// The levers of the places one leads; read again when the stream says that one changed.

import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { LeverRow, Levers } from '@api/lever';
import { useTranslation } from 'react-i18next';
import { toasts } from '@ui/Toasts';
import { useAct, type Act } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

export const KEY = ['levers'];

export function useLevers() {
  const { client } = useWorkspace();
  return useQuery({ queryKey: KEY, queryFn: () => client.get<Levers>('/v1/levers') });
}

export type Doing = 'undo' | 'confirm' | 'permanent';

/** What can be done with a lever that is not over. */
export function useDoing(): {
  busy: boolean;
  act: (row: LeverRow, what: Doing) => Promise<boolean>;
} {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const queries = useQueryClient();
  const { busy, run }: Act = useAct();
  const act = (row: LeverRow, what: Doing): Promise<boolean> =>
    run(
      async () => {
        try {
          await client.post(`/v1/levers/${row.id}/${what}`);
        } finally {
          await queries.invalidateQueries({ queryKey: KEY });
        }
      },
      t(`lever.done.${what}`),
    );
  return { busy, act };
}

/** Says that a lever is in force, with the way back beside it. */
export function useSaid(): (row: LeverRow) => void {
  const { t } = useTranslation();
  const { act } = useDoing();
  return (row) =>
    toasts.show({
      text: t(row.state === 'asked' ? 'lever.done.asked' : 'lever.done.pulled'),
      action: { label: t('lever.undo'), run: () => void act(row, 'undo') },
    });
}
