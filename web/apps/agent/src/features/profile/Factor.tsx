// The second factor: a secret for the authenticator app, proved by a code before it counts.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { TextField } from '@ui/Field';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';

export function Factor() {
  const { t } = useTranslation();
  const { client, me } = useWorkspace();
  const { busy, run } = useAct();
  const [proposed, setProposed] = useState<{ secret: string; uri: string }>();
  const [code, setCode] = useState('');
  const [on, setOn] = useState(me.totp === true);
  const propose = (): void =>
    void run(async () =>
      setProposed(await client.post<{ secret: string; uri: string }>('/v1/people/me/totp')),
    );
  const confirm = async (): Promise<void> => {
    const body = { code: code.replaceAll(' ', '') };
    if (await run(() => client.put('/v1/people/me/totp', { body }), t('factor.on'))) {
      setOn(true);
      setProposed(undefined);
    }
  };
  const drop = async (): Promise<void> => {
    if (await run(() => client.delete('/v1/people/me/totp'), t('factor.off'))) setOn(false);
  };
  return (
    <section className="card form-card stack">
      <h2>{t('factor.title')}</h2>
      <p className="soft small">{t(on ? 'factor.is_on' : 'factor.hint')}</p>
      {proposed && (
        <>
          <p className="small">{t('factor.enter_secret')}</p>
          <code className="code">{proposed.secret.replace(/(.{4})/g, '$1 ').trim()}</code>
          <a href={proposed.uri} className="small">
            {t('factor.open_app')}
          </a>
          <TextField
            label={t('sign_in.code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </>
      )}
      <div className="row">
        {proposed ? (
          <Button
            look="primary"
            busy={busy}
            disabled={code.length < 6}
            onClick={() => void confirm()}
          >
            {t('factor.confirm')}
          </Button>
        ) : (
          <Button busy={busy} onClick={propose}>
            {t(on ? 'factor.renew' : 'factor.start')}
          </Button>
        )}
        {on && (
          <Button look="danger" busy={busy} onClick={() => void drop()}>
            {t('factor.drop')}
          </Button>
        )}
      </div>
    </section>
  );
}
