// The person's own page: language, look, notices, password, second factor, the way out.

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '@ui/Button';
import { TextField } from '@ui/Field';
import { Scroll } from '@ui/Scroll';
import { Face } from '@ui/Small';
import { useAct } from '@agent/data/act';
import { useWorkspace } from '@agent/data/hooks';
import { href } from '@agent/data/router';
import { Appearance } from './Appearance';
import { Factor } from './Factor';
import { KeysPage } from './KeysPage';
import { NoticesPage } from './NoticesPage';

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

const PAGES = ['me', 'keys', 'notices'] as const;

function About() {
  const { t } = useTranslation();
  const { me, client } = useWorkspace();
  const { busy, run } = useAct();
  const [name, setName] = useState(me.name);
  return (
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
  );
}

interface ProfileProps {
  page: string | undefined;
  onSignOut: () => void;
  onSignOutAll: () => void;
}

function Me({ onSignOut, onSignOutAll }: Omit<ProfileProps, 'page'>) {
  const { t } = useTranslation();
  return (
    <>
      <Appearance />
      <About />
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
    </>
  );
}

export function Profile({ page, ...out }: ProfileProps) {
  const { t } = useTranslation();
  const { me } = useWorkspace();
  const chosen = PAGES.find((one) => one === page) ?? 'me';
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
        <nav className="page-tabs" aria-label={t('command.go_settings')}>
          {PAGES.map((one) => (
            <a
              key={one}
              className="tab"
              href={href('profile', one)}
              aria-current={one === chosen ? 'page' : undefined}
            >
              {t(`settings.${one}`)}
            </a>
          ))}
        </nav>
        {chosen === 'me' && <Me {...out} />}
        {chosen === 'keys' && <KeysPage />}
        {chosen === 'notices' && <NoticesPage />}
      </div>
    </Scroll>
  );
}
