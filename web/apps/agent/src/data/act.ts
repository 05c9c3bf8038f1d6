// A change a person asked for: busy while it runs, a toast with the server's words when refused.

import type { TFunction } from 'i18next';
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

/** Why it was refused: our words for the code where we have any, else what the server said. */
export function whyRefused(error: unknown, t: TFunction): string {
  const refusal = asError(error);
  if (refusal?.status === 0) return t('ui.line_down');
  const known = error instanceof ApiProblem ? t(`problem.${error.code}`, { defaultValue: '' }) : '';
  return known || refusal?.detail || refusal?.title || t('ui.failed');
}

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
        toasts.show({ text: whyRefused(error, t), bad: true });
        return false;
      } finally {
        setBusy(false);
      }
    },
    [t],
  );
  return { busy, run };
}
