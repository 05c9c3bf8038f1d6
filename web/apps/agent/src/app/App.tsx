// The application: who is here decides between the doors and the workspace.

import { QueryClientProvider } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Client } from '@api/client';
import { ApiProblem } from '@api/problem';
import type { Bootstrap } from '@api/types';
import i18next from 'i18next';
import { speak, supported } from '@i18n/index';
import { Late } from '@ui/Async';
import { Button } from '@ui/Button';
import { WorkspaceProvider } from '@agent/data/hooks';
import { forgetPerson, keptBoot } from '@agent/data/offline';
import { go, useRoute } from '@agent/data/router';
import { Workspace } from '@agent/data/workspace';
import { LinkIn, SetPassword, SignIn, Welcome, type Begun } from '@agent/features/sign-in/SignIn';
import { Shell } from './Shell';

type Phase =
  | { name: 'starting' }
  | { name: 'away'; problem: ApiProblem }
  | { name: 'signed_out'; ended: boolean }
  | { name: 'password'; email: string }
  | { name: 'in'; workspace: Workspace };

function Starting() {
  const { t } = useTranslation();
  return (
    <Late>
      <main className="welcome">
        <p className="soft" role="status">
          {t('ui.loading')}
        </p>
      </main>
    </Late>
  );
}

/** Opens and closes the workspace; one client for all of it. */
function useSession() {
  const [phase, setPhase] = useState<Phase>({ name: 'starting' });
  const open = useRef<Workspace>(undefined);
  const leave = useCallback((ended: boolean) => {
    open.current?.close();
    open.current = undefined;
    setPhase({ name: 'signed_out', ended });
  }, []);
  const [client] = useState(
    () =>
      new Client({
        language: () => i18next.language,
        signedOut: () => open.current && leave(true),
      }),
  );
  const enter = useCallback(
    async (kept?: Bootstrap) => {
      const query = { view: 'mine' };
      const boot = kept ?? (await client.get<Bootstrap>('/v1/bootstrap', { query }));
      const language = supported(boot.me.language);
      if (language && language !== i18next.language) await speak(language);
      open.current?.close();
      let opened: Workspace | undefined;
      const ended = (): void => {
        // one that was left before ends nothing any more
        if (!opened || open.current === opened) leave(true);
      };
      opened = await Workspace.open(client, boot, ended, kept !== undefined);
      open.current = opened;
      setPhase({ name: 'in', workspace: opened });
    },
    [client, leave],
  );
  const begin = useCallback(
    async (begun: Begun) => {
      client.csrf = begun.csrf;
      if (location.hash.startsWith('#/link/')) go('#/', true);
      if (begun.must_set_password) setPhase({ name: 'password', email: begun.person.email });
      else await enter();
    },
    [client, enter],
  );
  const start = useCallback(async () => {
    try {
      await begin(await client.get<Begun>('/v1/sign_ins/current'));
    } catch (error) {
      const kept = error instanceof ApiProblem && error.status === 0 ? await keptBoot() : undefined;
      if (kept) await enter(kept);
      else if (error instanceof ApiProblem && error.status === 401)
        setPhase({ name: 'signed_out', ended: false });
      else
        setPhase({
          name: 'away',
          problem:
            error instanceof ApiProblem
              ? error
              : new ApiProblem({ status: 500, code: 'bug', title: String(error) }),
        });
    }
  }, [client, begin, enter]);
  const signOut = useCallback(
    async (all: boolean) => {
      const person = open.current?.me.id;
      await client.delete(all ? '/v1/sign_ins' : '/v1/sign_ins/current').catch(() => undefined);
      leave(false);
      if (person) await forgetPerson(person);
      go('#/', true);
    },
    [client, leave],
  );
  return { phase, client, start, begin, enter, signOut };
}

export function App() {
  const { t } = useTranslation();
  const route = useRoute();
  const { phase, client, start, begin, enter, signOut } = useSession();
  const token = route.parts[0] === 'link' ? (route.parts[1] ?? '') : '';
  useEffect(() => {
    if (!token) void start();
  }, [start, token]);
  if (token && phase.name !== 'in') {
    return <LinkIn client={client} token={token} onDone={(begun) => void begin(begun)} />;
  }
  switch (phase.name) {
    case 'starting':
      return <Starting />;
    case 'away':
      return (
        <Welcome title={t('app.away')}>
          <p className="soft" role="alert">
            {phase.problem.detail || phase.problem.title || t('ui.line_down')}
          </p>
          <Button look="primary" icon="refresh" onClick={() => void start()}>
            {t('ui.retry')}
          </Button>
        </Welcome>
      );
    case 'signed_out':
      return (
        <SignIn
          client={client}
          onDone={(begun) => void begin(begun)}
          notice={phase.ended ? t('sign_in.ended') : undefined}
        />
      );
    case 'password':
      return <SetPassword client={client} email={phase.email} onDone={() => void enter()} />;
    case 'in':
      return (
        <WorkspaceProvider value={phase.workspace}>
          <QueryClientProvider client={phase.workspace.queries}>
            <Shell onSignOut={() => void signOut(false)} onSignOutAll={() => void signOut(true)} />
          </QueryClientProvider>
        </WorkspaceProvider>
      );
  }
}
