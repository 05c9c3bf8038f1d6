// The browser journeys of the workspace: `npm run e2e`, with `-- --shots` also the pictures of the docs.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { boards } from './board.mjs';
import { chromiumPath, launch } from './browser.mjs';
import { chaos } from './chaos.mjs';
import { atWork } from './company.mjs';
import { composing } from './composer.mjs';
import { customers } from './customer.mjs';
import { demo, removal } from './demo.mjs';
import { drafts } from './drafts.mjs';
import { journeys } from './journeys.mjs';
import { keyboard } from './keyboard.mjs';
import { lists } from './list.mjs';
import { loan } from './loan.mjs';
import { matter } from './matter.mjs';
import { clears, offline } from './offline.mjs';
import { people } from './people.mjs';
import { screens } from './screens.mjs';
import { startServer } from './server.mjs';
import { undisturbed } from './states.mjs';
import { call, idOf } from './steps.mjs';
import { shell } from './shell.mjs';
import { shots } from './shots.mjs';
import { tabs } from './tabs.mjs';

const BUILT = fileURLToPath(
  new URL('../../src/polyphony/static/agent/index.html', import.meta.url),
);

function missing() {
  if (!chromiumPath()) return 'no Chromium on this machine (POLYPHONY_TEST_CHROMIUM names one)';
  if (!existsSync(BUILT)) return 'the screens are not built: npm run build';
  return undefined;
}

const FULL = process.env.FULL === '1';

/** Some Case that is open; the world stands still, so that nobody else ends it meanwhile. */
async function aCase(page) {
  const { speed } = await call(page, 'GET', '/v1/demo');
  await call(page, 'PUT', '/v1/demo', { paused: true, speed });
  await call(page, 'PUT', '/v1/presence', { status: 'break' });
  const { items } = await call(page, 'GET', '/v1/cases?tab=all&limit=50');
  return items.find((one) => one.state === 'open' || one.state === 'wait_customer').id;
}

async function main() {
  const reason = missing();
  if (reason) {
    console.log(`skipped: ${reason}`);
    return process.env.POLYPHONY_TEST_STRICT === '1' ? 1 : 0;
  }
  const server = process.env.POLYPHONY_E2E_LINK
    ? {
        address: new URL(process.env.POLYPHONY_E2E_LINK).origin,
        link: process.env.POLYPHONY_E2E_LINK,
        stop: () => {},
      }
    : await startServer();
  const browser = await launch();
  const faults = [];
  try {
    const signedIn = await journeys(browser, server, faults);
    if (process.argv.includes('--shots')) await shots(browser, server, signedIn);
    await people(signedIn, faults);
    await atWork(browser, server, signedIn, faults);
    await undisturbed(signedIn, () => customers(signedIn, faults));
    await undisturbed(signedIn, async () => {
      await composing(signedIn, faults);
      await matter(browser, signedIn, faults);
      await loan(signedIn, faults);
    });
    await keyboard(browser, server, signedIn, faults);
    await demo(browser, server, signedIn, faults);
    await boards(browser, server, signedIn, faults);
    await shell(browser, server, signedIn, idOf(signedIn), faults);
    await screens(browser, server, signedIn, faults);
    const id = await aCase(signedIn);
    await lists(signedIn, faults);
    await tabs(signedIn, id, faults, FULL ? 100 : 3);
    await offline(signedIn, id, faults);
    await drafts(signedIn, id, faults, FULL ? 200 : 3);
    if (server.pid) await chaos(signedIn, server, faults, FULL);
    await removal(signedIn, faults);
    await clears(signedIn, faults);
  } catch (error) {
    faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (server.said) console.error(server.said().slice(-3_000));
  } finally {
    await browser.close();
    await server.stop();
  }
  for (const fault of faults) console.error(`FAULT ${fault}`);
  console.log(
    faults.length === 0 ? 'workspace: every journey and screen is good' : `${faults.length} faults`,
  );
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await main();
