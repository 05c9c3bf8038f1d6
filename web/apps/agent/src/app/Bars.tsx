// The bars of trouble: offline, replaced by another tab, a new build, broken channels.

import { Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Account } from '@api/types';
import { clockTime } from '@i18n/format';
import { Button } from '@ui/Button';
import { late } from '@i18n/late';
import { Banner } from '@ui/Small';
import { useCell, useLanguage, useSetup, useWorkspace } from '@agent/data/hooks';
import { reloadFresh } from '@agent/parts/worker';

const OutageBars = late(
  'levers',
  async () => (await import('@agent/features/levers/OutageBars')).OutageBars,
);

const OFFLINE_MS = 10_000;

/** The moment the line was lost, once it has been lost long enough to say so. */
function useLostSince(): number | undefined {
  const { connection, online } = useWorkspace();
  const live = useCell(connection) === 'live';
  const plugged = useCell(online);
  const [since, setSince] = useState<number>();
  const [shown, setShown] = useState(false);
  const lost = !live || !plugged;
  useEffect(() => {
    if (!lost) {
      setSince(undefined);
      setShown(false);
      return undefined;
    }
    setSince(Date.now());
    const timer = setTimeout(() => setShown(true), plugged ? OFFLINE_MS : 0);
    return () => clearTimeout(timer);
  }, [lost, plugged]);
  return shown ? since : undefined;
}

function useBroken(): Account[] {
  const { store } = useWorkspace();
  const [broken, setBroken] = useState<Account[]>([]);
  useEffect(() => {
    const read = (): void =>
      setBroken(store.all('account').filter((account) => account.state === 'broken'));
    read();
    return store.watchType('account', read);
  }, [store]);
  return broken;
}

export function Bars() {
  const { t } = useTranslation();
  const language = useLanguage();
  const { outbox, connection, newBuild, stream } = useWorkspace();
  const waiting = useSyncExternalStore(outbox.subscribe, () => outbox.list()).length;
  const state = useCell(connection);
  const fresh = useCell(newBuild);
  const since = useLostSince();
  const broken = useBroken();
  const { outages } = useSetup();
  return (
    <>
      {state === 'replaced' ? (
        <Banner
          live
          tone="warn"
          action={
            <Button small onClick={() => stream.start(stream.cursor ?? '', stream.grants ?? '')}>
              {t('bar.here_again')}
            </Button>
          }
        >
          {t('bar.replaced')}
        </Banner>
      ) : (
        since !== undefined && (
          <Banner
            live
            tone="warn"
            icon="offline"
            action={
              <Button small onClick={() => stream.wake()}>
                {t('ui.retry')}
              </Button>
            }
          >
            {t('bar.offline', { time: clockTime(language, since) })}{' '}
            {waiting > 0 && t('bar.waiting', { count: waiting })}
          </Banner>
        )
      )}
      {fresh && (
        <Banner
          live
          tone="accent"
          icon="refresh"
          action={
            <Button small onClick={() => void reloadFresh()}>
              {t('bar.reload')}
            </Button>
          }
        >
          {t('bar.build')}
        </Banner>
      )}
      {outages.length > 0 && (
        <Suspense fallback={null}>
          <OutageBars outages={outages} />
        </Suspense>
      )}
      {broken.map((account) => (
        <Banner key={account.id} live tone="bad">
          {t('bar.broken', { name: account.name })}
        </Banner>
      ))}
    </>
  );
}
