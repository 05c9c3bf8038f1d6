// The frame around every screen: rail, top bar, bars of trouble, offers, toasts.

import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { late } from '@i18n/late';
import { Skeleton } from '@ui/Async';
import { toasts, Toasts } from '@ui/Toasts';
import { useSetup, useWorkspace } from '@agent/data/hooks';
import { useFirstRun } from '@agent/data/firstRun';
import { go, href, useRoute } from '@agent/data/router';
import { useCommand, useKeyboard } from '@agent/parts/commands';
import { configures, may } from '@agent/parts/rights';
import { Teller } from '@agent/features/notices/Teller';
import { Offers } from '@agent/features/offer/Offers';
import { NotResponding } from '@agent/features/presence/Presence';
import { WrapUp } from '@agent/features/presence/WrapUp';
import { Desk } from '@agent/routes/Desk';
import { Bars } from './Bars';
import { Badge } from './Badge';
import { Live } from './Live';
import { usePanels } from './panels';
import { Rail } from './Rail';
import { TopBar } from './TopBar';
import { useFrame } from './useFrame';

const DemoBar = late('demo', async () => (await import('@agent/features/demo/DemoBar')).DemoBar);
const CustomerSide = late(
  'demo',
  async () => (await import('@agent/features/demo/CustomerSide')).CustomerSide,
);
const Admin = late('admin', async () => (await import('@agent/features/admin/Admin')).Admin);
const Wallboard = late(
  'board',
  async () => (await import('@agent/features/board/Wallboard')).Wallboard,
);
const Console = late('board', async () => (await import('@agent/routes/Console')).Console);
const Customers = lazy(() =>
  import('@agent/features/customer/Customers').then((found) => ({ default: found.Customers })),
);
const CustomerPage = lazy(() =>
  import('@agent/features/customer/Page').then((found) => ({ default: found.CustomerPage })),
);
const KeysDialog = lazy(() =>
  import('./KeysDialog').then((found) => ({ default: found.KeysDialog })),
);
const paletteCode = async () => (await import('@agent/features/palette/Palette')).Palette;
const LatePalette = lazy(async () => ({ default: await paletteCode() }));
/** Once it is here it is drawn within the key that opens it: the next one is typed into it. */
let hereAlready: Awaited<ReturnType<typeof paletteCode>> | undefined;
const Profile = late(
  'settings',
  async () => (await import('@agent/features/profile/Profile')).Profile,
);
const Search = late('search', async () => (await import('@agent/features/search/Search')).Search);
const Share = late('share', async () => (await import('@agent/features/share/Share')).Share);

/** Fetches the palette soon after the start, whether anybody opens it or not. */
function usePaletteReady(): void {
  useEffect(() => {
    const fetched = (): void =>
      void paletteCode().then(
        (found) => (hereAlready = found),
        () => undefined, // without a line it is fetched when it is opened
      );
    const timer = setTimeout(fetched, 1500);
    return () => clearTimeout(timer);
  }, []);
}

interface ShellProps {
  onSignOut: () => void;
  onSignOutAll: () => void;
}

export function Shell({ onSignOut, onSignOutAll }: ShellProps) {
  const { t } = useTranslation();
  const route = useRoute();
  const { demo, me, departments } = useSetup();
  useFirstRun(departments.length === 0 && may(me, 'configure'));
  const [split, setSplit] = useState(false);
  const [keys, setKeys] = useState(false);
  const { undos } = useWorkspace();
  // what stands open stays what it is, though its code may come meanwhile: a word is in it
  const [palette, setPalette] = useState<{
    search: boolean;
    View: typeof LatePalette | NonNullable<typeof hereAlready>;
  }>();
  const ask = (search: boolean): void => setPalette({ search, View: hereAlready ?? LatePalette });
  useFrame();
  usePanels();
  usePaletteReady();
  useKeyboard();
  useCommand('undo', () => undos.undoLast() || toasts.show({ text: t('undo.nothing') }));
  useCommand('keys', () => setKeys(true));
  useCommand('palette', () => ask(false));
  useCommand('search', () => ask(true));
  useCommand('go_inbox', () => go(href('inbox', 'mine')));
  useCommand('go_customers', () => go(href('customers')));
  useCommand('go_console', () => go(href('console')), {
    when: may(me, 'boards') || may(me, 'supervise'),
  });
  useCommand('go_wallboard', () => go(href('wallboard')), { when: may(me, 'boards') });
  useCommand('go_admin', () => go(href('admin')), { when: configures(me) });
  useCommand('go_settings', () => go(href('profile')));
  const place = route.parts[0] ?? 'inbox';
  const open =
    place === 'case'
      ? route.parts[1]
      : place === 'inbox' || place === 'view'
        ? route.parts[2]
        : undefined;
  return (
    <div className="shell">
      <a
        className="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {t('app.skip')}
      </a>
      <Rail place={place} onKeys={() => setKeys(true)} />
      <div className="shell-column">
        <TopBar onSignOut={onSignOut} onPalette={() => ask(false)} />
        <Bars />
        {demo && (
          <Suspense fallback={<div className="demo-space" />}>
            <DemoBar split={split} onSplit={setSplit} />
          </Suspense>
        )}
        <NotResponding />
        <WrapUp />
        <div className={split ? 'shell-body shell-split' : 'shell-body'}>
          <main id="main" className="shell-main" tabIndex={-1}>
            <Suspense fallback={<Skeleton rows={6} tall />}>
              {place === 'admin' ? (
                <Admin page={route.parts[1]} />
              ) : place === 'profile' ? (
                <Profile page={route.parts[1]} onSignOut={onSignOut} onSignOutAll={onSignOutAll} />
              ) : place === 'share' ? (
                <Share />
              ) : place === 'search' ? (
                <Search />
              ) : place === 'console' ? (
                <Console tab={route.parts[1]} />
              ) : place === 'wallboard' ? (
                <Wallboard id={route.parts[1]} />
              ) : place === 'customers' ? (
                <Customers />
              ) : place === 'customer' && route.parts[1] ? (
                <CustomerPage key={route.parts[1]} id={route.parts[1]} />
              ) : (
                <Desk route={route} split={split} />
              )}
            </Suspense>
          </main>
          {demo && split && (
            <Suspense>
              <CustomerSide />
            </Suspense>
          )}
          <Offers />
        </div>
      </div>
      <Toasts />
      <Live caseId={open} />
      <Teller />
      <Badge />
      <Suspense>
        {palette && (
          <palette.View onlySearch={palette.search} onClose={() => setPalette(undefined)} />
        )}
        {keys && <KeysDialog onClose={() => setKeys(false)} />}
      </Suspense>
    </div>
  );
}
