// Removes everything pretended, slice by slice; it can be gone on with when it broke off.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { count } from '@i18n/format';
import { Button } from '@ui/Button';
import { Dialog } from '@ui/Dialog';
import { useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { allSlices, type Progress } from './slices';

interface RemoveProps {
  /** How many things there were when somebody began; 0: nobody has. */
  begun: number;
  onClose: () => void;
}

export function Remove({ begun, onClose }: RemoveProps) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [progress, setProgress] = useState<Progress>();
  const remove = async (): Promise<void> => {
    const good = await run(
      () => allSlices(() => client.delete<Progress>('/v1/demo'), setProgress),
      t('demo.removed'),
    );
    if (good) location.reload();
  };
  const done = progress ? progress.total - progress.left : 0;
  return (
    <Dialog
      title={t('demo.remove')}
      onClose={() => !busy && onClose()}
      actions={
        <>
          <Button onClick={onClose} disabled={busy || begun > 0}>
            {t('ui.cancel')}
          </Button>
          <Button look="danger" icon="trash" busy={busy} onClick={() => void remove()}>
            {t(begun > 0 && !progress ? 'demo.remove_on' : 'demo.remove')}
          </Button>
        </>
      }
    >
      <p>{t('demo.remove_hint')}</p>
      {progress && (
        <div className="demo-progress" role="status">
          <progress max={progress.total} value={done} aria-label={t('demo.remove')} />
          <span className="small soft figures">
            {t('demo.removing', {
              done: count(language, done),
              total: count(language, progress.total),
            })}
          </span>
        </div>
      )}
    </Dialog>
  );
}
