// The sheet of keys.

import { useTranslation } from 'react-i18next';
import { BINDINGS, written } from '@keys/bindings';
import { Dialog } from '@ui/Dialog';

export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <dl className="keys">
        {BINDINGS.map((binding) => (
          <div key={binding.keys} className="row">
            <dt className="grow">{t(`keys.${binding.command}`)}</dt>
            <dd>
              <kbd>{written(binding.keys)}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
