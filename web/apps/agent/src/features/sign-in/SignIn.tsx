// The way in: password with a second factor, or a one-time link, or a new password first.

import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Client } from '@api/client';
import { ApiProblem } from '@api/problem';
import type { Person } from '@api/types';
import { LANGUAGES, LANGUAGE_NAMES, speak, supported } from '@i18n/index';
import { Button } from '@ui/Button';
import { Select, TextField } from '@ui/Field';
import { Icon } from '@ui/Icon';
import { Mark } from '@ui/Mark';

export interface Begun {
  csrf: string;
  person: Person;
  must_set_password?: boolean;
}

export function Welcome({ title, children }: { title: string; children: ReactNode }) {
  const { t, i18n } = useTranslation();
  return (
    <main className="welcome">
      <div className="welcome-card">
        <p className="brand">
          <span className="brand-mark" aria-hidden="true">
            <Mark size={26} />
          </span>
          {t('app.name')}
        </p>
        <h1>{title}</h1>
        {children}
      </div>
      <div className="welcome-language">
        <Select
          label={t('profile.language')}
          value={supported(i18n.language) ?? 'en'}
          onChange={(code) => void speak(supported(code) ?? 'en')}
          options={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
        />
      </div>
    </main>
  );
}

function useProblem(): [string, (error: unknown) => void, () => void] {
  const { t } = useTranslation();
  const [problem, setProblem] = useState('');
  return [
    problem,
    (error) => {
      if (!(error instanceof ApiProblem) || error.status === 0) setProblem(t('ui.line_down'));
      else if (error.code === 'sign_in.refused') setProblem(t('sign_in.refused'));
      else setProblem(error.detail || error.title || t('ui.failed'));
    },
    () => setProblem(''),
  ];
}

interface DoorProps {
  client: Client;
  onDone: (begun: Begun) => void;
}

export function SignIn({ client, onDone, notice }: DoorProps & { notice?: string }) {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [needsCode, setNeedsCode] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, failed, forget] = useProblem();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    forget();
    try {
      const body = { email, password, ...(needsCode ? { code: code.replaceAll(' ', '') } : {}) };
      onDone(await client.post<Begun>('/v1/sign_ins', { body }));
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'sign_in.code_needed' && !needsCode)
        setNeedsCode(true);
      else failed(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Welcome title={t('sign_in.title')}>
      {notice && (
        <p className="soft row">
          <Icon name="alert" size={16} /> {notice}
        </p>
      )}
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <TextField
          label={t('sign_in.email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <TextField
          label={t('sign_in.password')}
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          error={needsCode ? undefined : problem}
          onChange={(event) => setPassword(event.target.value)}
        />
        {needsCode && (
          <TextField
            label={t('sign_in.code')}
            hint={t('sign_in.code_hint')}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            autoFocus
            value={code}
            error={problem}
            onChange={(event) => setCode(event.target.value)}
          />
        )}
        <Button type="submit" look="primary" busy={busy}>
          {t('sign_in.enter')}
        </Button>
      </form>
      <p className="small soft">{t('sign_in.help')}</p>
    </Welcome>
  );
}

/** The page of a one-time link; the token stood behind # and never reached a log. */
export function LinkIn({ client, token, onDone }: DoorProps & { token: string }) {
  const { t } = useTranslation();
  const [problem, failed] = useProblem();
  const [busy, setBusy] = useState(false);
  const enter = (): void => {
    setBusy(true);
    client
      .post<Begun>('/v1/sign_ins/link', { body: { token } })
      .then(onDone)
      .catch(failed)
      .finally(() => setBusy(false));
  };
  return (
    <Welcome title={t('link.title')}>
      <p className="soft">{t('link.hint')}</p>
      {problem && (
        <p className="field-error" role="alert">
          <Icon name="alert" size={14} /> {problem}
        </p>
      )}
      <Button look="primary" busy={busy} onClick={enter}>
        {t('sign_in.enter')}
      </Button>
      {problem && <a href="#/">{t('link.other')}</a>}
    </Welcome>
  );
}

export function SetPassword({
  client,
  email,
  onDone,
}: {
  client: Client;
  email: string;
  onDone: () => void;
}) {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, failed, forget] = useProblem();
  const [differs, setDiffers] = useState(false);
  useEffect(() => setDiffers(false), [password, again]);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    forget();
    if (password !== again) {
      setDiffers(true);
      return;
    }
    setBusy(true);
    try {
      await client.put('/v1/people/me/password', { body: { new: password } });
      onDone();
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Welcome title={t('password.title')}>
      <p className="soft">{t('password.hint')}</p>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <TextField
          label={t('password.new')}
          type="password"
          autoComplete="new-password"
          required
          minLength={10}
          value={password}
          error={problem}
          onChange={(event) => setPassword(event.target.value)}
        />
        <TextField
          label={t('password.again')}
          type="password"
          autoComplete="new-password"
          required
          value={again}
          error={differs ? t('password.differs') : undefined}
          onChange={(event) => setAgain(event.target.value)}
        />
        <Button type="submit" look="primary" busy={busy}>
          {t('ui.save')}
        </Button>
      </form>
    </Welcome>
  );
}
