// Undo on the screen: the snackbar with its button, and what is said afterwards.

import i18next from 'i18next';
import { toasts } from '@ui/Toasts';
import { whyRefused } from './act';
import { Undos } from './undo';

export const undosOf = (): Undos =>
  new Undos({
    now: () => Date.now(),
    say: (text, run, ms) => {
      const id = toasts.show({ text, action: { label: i18next.t('undo.button'), run } }, ms);
      return () => toasts.hide(id);
    },
    done: (label) => toasts.show({ text: i18next.t('undo.done', { label }) }),
    failed: (error) =>
      toasts.show({
        text: i18next.t('undo.refused', { why: whyRefused(error, i18next.t) }),
        bad: true,
      }),
  });
