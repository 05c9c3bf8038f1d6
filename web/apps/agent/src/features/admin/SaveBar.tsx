// What is changed but not saved yet: how much, throw it away or keep it.

import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';

interface SaveBarProps {
  count: number;
  busy: boolean;
  ready?: boolean;
  onSave: () => void;
  onDiscard: () => void;
}

export function SaveBar({ count, busy, ready = true, onSave, onDiscard }: SaveBarProps) {
  const { t } = useTranslation();
  return (
    <div className="save-bar" data-on={count > 0 || undefined}>
      <span className="grow" role="status">
        {count > 0 ? t('admin.unsaved', { count }) : ''}
      </span>
      {count > 0 && (
        <>
          <Button onClick={onDiscard}>{t('admin.discard')}</Button>
          <Button look="primary" busy={busy} disabled={!ready} onClick={onSave}>
            {t('ui.save')}
          </Button>
        </>
      )}
    </div>
  );
}
