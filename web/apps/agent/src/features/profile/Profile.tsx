// The person's own page: language, look, notices, password, second factor, the way out.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, LANGUAGE_NAMES, speak, supported } from '@i18n/index';
import { Button } from '@ui/Button';
import { Select, TextField } from '@ui/Field';
import { Scroll } from '@ui/Scroll';
import { Face } from '@ui/Small';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { useSettings } from '@agent/data/settings';
import { Factor } from './Factor';

function Password() {
  const { t } = useTranslation();
  const { client } = useWorkspace();
  const { busy, run } = useAct();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const save = async (): Promise<void> => {
    const body = { ...(old ? { old } : {}), new: fresh };
    if (await run(() => client.put('/v1/people/me/password', { body }), t('ui.saved'))) {
      setOld('');
      setFresh('');
    }
  };
  return (
    <section className="card form-card stack">
      <h2>{t('profile.password')}</h2>
      <TextField
        label={t('password.old')}
        type="password"
        autoComplete="current-password"
        value={old}
        onChange={(event) => setOld(event.target.value)}
      />
      <TextField
        label={t('password.new')}
        hint={t('password.rule')}
        type="password"
        autoComplete="new-password"
        value={fresh}
        onChange={(event) => setFresh(event.target.value)}
      />
      <div className="row">
        <Button busy={busy} disabled={fresh.length < 10} onClick={() => void save()}>
          {t('ui.save')}
        </Button>
      </div>
    </section>
  );
}

const THEMES = ['system', 'light', 'dark', 'contrast'] as const;

function Appearance() {
  const { t, i18n } = useTranslation();
  const { client } = useWorkspace();
  const { run } = useAct();
  const { settings, change } = useSettings();
  const [notices, setNotices] = useState(
    typeof Notification === 'undefined' ? 'denied' : Notification.permission,
  );
  const language = supported(i18n.language) ?? 'en';
  return (
    <section className="card form-card stack">
      <h2>{t('profile.look')}</h2>
      <Select
        label={t('profile.language')}
        value={language}
        onChange={(code) => {
          const chosen = supported(code) ?? 'en';
          void speak(chosen);
          void run(() => client.patch('/v1/people/me', { body: { language: chosen } }));
        }}
        options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
      />
      <Select
        label={t('profile.theme')}
        value={settings.theme}
        onChange={(value) => change({ theme: value as (typeof THEMES)[number] })}
        options={THEMES.map((value) => ({ value, label: t(`profile.theme.${value}`) }))}
      />
      {notices === 'default' && (
        <Button onClick={() => void Notification.requestPermission().then(setNotices)}>
          {t('profile.notices')}
        </Button>
      )}
    </section>
  );
}

export function Profile({
  onSignOut,
  onSignOutAll,
}: {
  onSignOut: () => void;
  onSignOutAll: () => void;
}) {
  const { t } = useTranslation();
  const { me, client } = useWorkspace();
  const { busy, run } = useAct();
  const [name, setName] = useState(me.name);
  return (
    <Scroll className="page" label={t('profile.title')}>
      <div className="page-inner stack">
        <header className="row">
          <Face name={me.name} size="large" />
          <div className="grow">
            <h1 className="cut">{me.name}</h1>
            <p className="soft cut">
              {me.email} · {me.roles.map((role) => t(`role.${role}`)).join(', ')}
            </p>
          </div>
        </header>
        <section className="card form-card stack">
          <h2>{t('profile.about')}</h2>
          <TextField
            label={t('profile.name')}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <div className="row">
            <Button
              busy={busy}
              disabled={!name.trim()}
              onClick={() =>
                void run(
                  () => client.patch('/v1/people/me', { body: { name: name.trim() } }),
                  t('ui.saved'),
                )
              }
            >
              {t('ui.save')}
            </Button>
          </div>
        </section>
        <Appearance />
        <Password />
        <Factor />
        <div className="row wrap">
          <Button icon="exit" onClick={onSignOut}>
            {t('profile.sign_out')}
          </Button>
          <Button look="quiet" onClick={onSignOutAll}>
            {t('profile.sign_out_all')}
          </Button>
        </div>
      </div>
    </Scroll>
  );
}
