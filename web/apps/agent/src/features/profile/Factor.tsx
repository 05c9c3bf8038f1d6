// The second factor: a secret for the authenticator app, proved by a code before it counts.

import { useId, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '@api/problem';
import { Button } from '@ui/Button';
import { TextField } from '@ui/Field';
import { QrCode, type Qr } from '@ui/QrCode';
import { toasts } from '@ui/Toasts';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

interface Proposed {
  secret: string;
  uri: string;
  /** The address as a QR code. */
  qr: Qr;
}

export function Factor() {
  const { t } = useTranslation();
  const { client, me } = useWorkspace();
  const form = useId();
  const { busy, run } = useAct();
  const [proposed, setProposed] = useState<Proposed>();
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState(false);
  const [on, setOn] = useState(me.totp === true);
  const propose = (): void =>
    void run(async () => setProposed(await client.post<Proposed>('/v1/people/me/totp')));
  /** The new secret counts once the app has shown a right code of it; a wrong one is said at the field. */
  const confirm = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    let refused = false;
    const body = { code: code.replaceAll(' ', '') };
    const prove = async (): Promise<void> => {
      try {
        await client.put('/v1/people/me/totp', { body });
      } catch (error) {
        refused = error instanceof ApiProblem && error.code === 'totp.wrong_code';
        if (!refused) throw error;
      }
    };
    const done = await run(prove);
    setWrong(refused);
    if (!done || refused) return;
    toasts.show({ text: t('factor.on') });
    setOn(true);
    setProposed(undefined);
    setCode('');
  };
  const drop = async (): Promise<void> => {
    if (await run(() => client.delete('/v1/people/me/totp'), t('factor.off'))) setOn(false);
  };
  return (
    <section className="card form-card stack">
      <h2>{t('factor.title')}</h2>
      <p className="soft small">{t(on ? 'factor.is_on' : 'factor.hint')}</p>
      {proposed && (
        <form id={form} className="stack" noValidate onSubmit={(event) => void confirm(event)}>
          <p className="small">{t('factor.scan')}</p>
          <QrCode qr={proposed.qr} label={t('factor.qr')} />
          <p className="small soft">{t('factor.enter_secret')}</p>
          <code className="code">{proposed.secret.replace(/(.{4})/g, '$1 ').trim()}</code>
          <a href={proposed.uri} className="small">
            {t('factor.open_app')}
          </a>
          <TextField
            label={t('sign_in.code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            value={code}
            error={wrong ? t('factor.wrong') : undefined}
            onChange={(event) => {
              setCode(event.target.value);
              setWrong(false);
            }}
          />
        </form>
      )}
      <div className="row wrap">
        {proposed ? (
          <>
            <Button type="submit" form={form} look="primary" busy={busy} disabled={code.length < 6}>
              {t('factor.confirm')}
            </Button>
            <Button onClick={() => setProposed(undefined)}>{t('ui.cancel')}</Button>
          </>
        ) : (
          <Button busy={busy} onClick={propose}>
            {t(on ? 'factor.renew' : 'factor.start')}
          </Button>
        )}
        {on && !proposed && (
          <Button look="danger" busy={busy} onClick={() => void drop()}>
            {t('factor.drop')}
          </Button>
        )}
      </div>
    </section>
  );
}
