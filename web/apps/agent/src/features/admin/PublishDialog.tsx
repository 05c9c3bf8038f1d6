// Publishing a process: what changes, and what goes on as it was.

import { useTranslation } from 'react-i18next';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { changes, type Step } from './processModel';

function Told({ label, names }: { label: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <li>
      <strong>{label}</strong> {names.join(', ')}
    </li>
  );
}

interface PublishProps {
  before: readonly Step[];
  after: readonly Step[];
  running: number;
  busy: boolean;
  onClose: () => void;
  onDone: () => void;
}

export function PublishDialog({ before, after, running, busy, onClose, onDone }: PublishProps) {
  const { t } = useTranslation();
  const found = changes(before, after);
  return (
    <Dialog
      title={t('process.publish_title')}
      onClose={onClose}
      actions={
        <Confirm onClose={onClose} icon="check" busy={busy} onClick={onDone}>
          {t('process.publish')}
        </Confirm>
      }
    >
      <ul className="stack-tight">
        <Told label={t('process.added')} names={found.added} />
        <Told label={t('process.removed')} names={found.removed} />
        <Told label={t('process.changed')} names={found.changed} />
        {found.moved && <li>{t('process.reordered')}</li>}
      </ul>
      <p className="soft">
        {running > 0 ? t('process.running_keep', { count: running }) : t('process.publish_hint')}
      </p>
    </Dialog>
  );
}
