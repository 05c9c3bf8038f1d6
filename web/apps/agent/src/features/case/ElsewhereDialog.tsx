// Going on elsewhere: a link and a QR code by which the customer goes on with this Case in a chat.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Case } from '@api/types';
import { mediumTime } from '@i18n/format';
import { Button } from '@ui/Button';
import { Confirm } from '@ui/Confirm';
import { Dialog } from '@ui/Dialog';
import { QrCode, type Qr } from '@ui/QrCode';
import { toasts } from '@ui/Toasts';
import { useAct } from '@agent/data/act';
import { useLanguage, useWorkspace } from '@agent/data/hooks';
import { insert } from '@agent/parts/inserted';

interface HandedOut {
  url: string;
  qr: Qr;
  expires_at: string;
  account: string;
}

export function ElsewhereDialog({ found, onClose }: { found: Case; onClose: () => void }) {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [made, setMade] = useState<HandedOut>();
  const make = (): void =>
    void run(async () => setMade(await client.post<HandedOut>(`/v1/cases/${found.id}/elsewhere`)));
  const put = (): void => {
    if (!made) return;
    onClose();
    // the dialog gives the focus back first, then the composer takes it
    setTimeout(
      () => !insert(made.url) && toasts.show({ text: t('elsewhere.no_answer'), bad: true }),
    );
  };
  return (
    <Dialog
      title={t('elsewhere.title')}
      onClose={onClose}
      actions={
        made ? (
          <>
            <Button onClick={onClose}>{t('ui.close')}</Button>
            <Button look="primary" icon="edit" onClick={put}>
              {t('elsewhere.insert')}
            </Button>
          </>
        ) : (
          <Confirm onClose={onClose} icon="link" busy={busy} data-first onClick={make}>
            {t('elsewhere.make')}
          </Confirm>
        )
      }
    >
      <p className="soft">{t('elsewhere.hint')}</p>
      {made && <Made made={made} />}
    </Dialog>
  );
}

function Made({ made }: { made: HandedOut }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const copy = (): void =>
    void navigator.clipboard
      .writeText(made.url)
      .then(() => toasts.show({ text: t('case.link_copied') }))
      .catch(() => toasts.show({ text: made.url }));
  return (
    <div className="elsewhere">
      <QrCode qr={made.qr} label={t('elsewhere.qr')} />
      <div className="stack">
        <output className="elsewhere-link small">{made.url}</output>
        <div>
          <Button small icon="link" onClick={copy}>
            {t('action.copy_link')}
          </Button>
        </div>
        <p className="tiny soft">
          {t('elsewhere.until', {
            account: made.account,
            time: mediumTime(language, Date.parse(made.expires_at)),
          })}
        </p>
      </div>
    </div>
  );
}
