// The foot of a dialog that asks: leave it, or do what it is about.

import { useTranslation } from 'react-i18next';
import { Button, type ButtonProps } from './Button';

type ConfirmProps = Omit<ButtonProps, 'look'> & {
  /** Leaves the dialog; `onClick` does what it is about. */
  onClose: () => void;
};

export function Confirm({ onClose, ...rest }: ConfirmProps) {
  const { t } = useTranslation();
  return (
    <>
      <Button onClick={onClose}>{t('ui.cancel')}</Button>
      <Button look="primary" {...rest} />
    </>
  );
}
