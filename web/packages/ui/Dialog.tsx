// A modal dialog on the browser's own element: focus stays inside, Escape closes, focus returns.

import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton } from './Button';
import { Scroll } from './Scroll';
import { Toasts } from './Toasts';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  actions?: ReactNode;
  wide?: boolean;
}

const FIELD =
  'input:not([type="hidden"], [type="file"]), select, textarea, [contenteditable="true"]';

/** Left to itself the browser takes the button that closes: better the field that is asked for, or the answer. */
function firstOf(dialog: HTMLDialogElement | null): HTMLElement | undefined {
  const named = dialog?.querySelector<HTMLElement>('[data-first]');
  if (named) return named;
  const fields = [...(dialog?.querySelectorAll<HTMLElement>(`.dialog-body :is(${FIELD})`) ?? [])];
  const free = fields.filter((one) => !one.matches(':disabled'));
  // Of a row of choices the one that is made is where the browser would go, too.
  const chosen = free.find((one) => one.matches('[type="radio"]:checked'));
  if (free[0]?.matches('[type="radio"]') && chosen) return chosen;
  return free[0] ?? dialog?.querySelector<HTMLElement>('.dialog-foot .button-primary') ?? undefined;
}

/** Mod+Enter gives the dialog's main answer, wherever the focus is. */
function answer(event: KeyboardEvent<HTMLDialogElement>): void {
  const asked = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.repeat;
  if (!asked || event.defaultPrevented) return;
  const main = event.currentTarget.querySelector<HTMLElement>('.dialog-foot .button-primary');
  if (!main) return;
  event.preventDefault();
  event.stopPropagation();
  main.click();
}

/** Escape would only empty a field for searching; in a dialog it closes, wherever the focus is. */
const cleared = (event: KeyboardEvent<HTMLDialogElement>): boolean =>
  event.key === 'Escape' &&
  !event.defaultPrevented &&
  !event.nativeEvent.isComposing &&
  event.target instanceof HTMLInputElement &&
  event.target.type === 'search' &&
  event.target.value !== '';

export function Dialog({ title, onClose, children, actions, wide }: DialogProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    firstOf(dialog)?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog dialog-wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        answer(event);
        if (!cleared(event)) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={t('ui.close')} onClick={onClose} />
      </header>
      <Scroll className="dialog-body stack" labelledBy={id}>
        {children}
      </Scroll>
      {actions && <footer className="dialog-foot">{actions}</footer>}
      {/* The page behind is inert and dimmed: what is said meanwhile is said here. */}
      <Toasts />
    </dialog>
  );
}
