// Starts the workspace: texts first, then the application.

import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { Texts } from '@i18n/hook';
import { firstLanguage, startTexts } from '@i18n/index';
import { late } from '@i18n/late';
import { App } from './app/App';
import { applyKeptLook } from './app/theme';
import { startWorker } from './parts/worker';
import '@ui/tokens.css';
import '@ui/base.css';
import '@ui/controls.css';
import '@ui/marks.css';
import '@ui/layers.css';
import '@ui/panels.css';
import './app/shell.css';
import './app/presence.css';
import './app/pages.css';
import './app/notices.css';
import './app/keys.css';
import './app/welcome.css';
import './app/narrow.css';
import './features/inbox/inbox.css';
import './features/inbox/rows.css';
import './features/inbox/bulk.css';
import './features/inbox/builder.css';
import './features/case/case.css';
import './features/customer/customer.css';
import './features/customer/timeline.css';
import './features/customer/customers.css';
import './features/desk.css';
import './features/offer/offer.css';
import './features/palette/palette.css';
import './app/phone.css';

/** A screen on a wall knows nobody: it has an address of its own and shows one board. */
const wall = /^\/tv\/([\w-]+)$/.exec(location.pathname)?.[1];
const Tv = late('board', async () => (await import('./features/board/Tv')).Tv);

applyKeptLook();
if (!wall) startWorker();
void startTexts(firstLanguage()).then(() => {
  const root = document.getElementById('app');
  if (!root) return;
  createRoot(root).render(
    <StrictMode>
      <Texts>
        {wall ? (
          <Suspense>
            <Tv token={wall} />
          </Suspense>
        ) : (
          <App />
        )}
      </Texts>
    </StrictMode>,
  );
});
