// The shape of every set-up form: fields, cancel and save; Enter saves, a refusal leaves it open.

import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { useSave } from './list';

interface EditDialogProps {
  title: string;
  /** Whether what is filled in can be saved. */
  ready: boolean;
  save: (client: Client) => Promise<unknown>;
  onClose: () => void;
  saveWord?: string;
  wide?: boolean;
  children: ReactNode;
}

export function EditDialog({
  title,
  ready,
  save,
  onClose,
  saveWord,
  wide,
  children,
}: EditDialogProps) {
  const { t } = useTranslation();
  const saving = useSave();
  const id = useId();
  const submit = async (): Promise<void> => {
    if (ready && !saving.busy && (await saving.save(() => save(saving.client)))) onClose();
  };
  return (
    <Dialog
      wide={wide}
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" form={id} look="primary" busy={saving.busy} disabled={!ready}>
            {saveWord ?? t('ui.save')}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="dialog-form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
