// A change a person asked for: busy while it runs, a toast with the server's words when refused.

import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '@api/problem';
import type { PanelError } from '@ui/Async';
import { toasts } from '@ui/Toasts';

export const asError = (error: unknown): PanelError | null => {
  if (!error) return null;
  if (error instanceof ApiProblem) return error;
  return {
    status: 500,
    title: error instanceof Error ? error.message : '',
    detail: '',
    requestId: '',
  };
};

export interface Act {
  busy: boolean;
  run: (work: () => Promise<unknown>, done?: string) => Promise<boolean>;
}

export function useAct(): Act {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const run = useCallback(
    async (work: () => Promise<unknown>, done?: string): Promise<boolean> => {
      setBusy(true);
      try {
        await work();
        if (done) toasts.show({ text: done });
        return true;
      } catch (error) {
        const refusal = asError(error);
        const words = refusal?.status === 0 ? t('ui.line_down') : refusal?.detail || refusal?.title;
        toasts.show({ text: words || t('ui.failed'), bad: true });
        return false;
      } finally {
        setBusy(false);
      }
    },
    [t],
  );
  return { busy, run };
}
