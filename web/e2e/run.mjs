// The browser journeys of the workspace: `npm run e2e`, with `-- --shots` also the pictures of the docs.
import { chaos } from './chaos.mjs';
import { atWork } from './company.mjs';
import { composing } from './composer.mjs';
import { customers } from './customer.mjs';
import { demo, removal } from './demo.mjs';
import { drafts } from './drafts.mjs';
import { journeys } from './journeys.mjs';
import { keyboard } from './keyboard.mjs';
import { lists } from './list.mjs';
import { matter } from './matter.mjs';
import { clears, offline } from './offline.mjs';
import { screens } from './screens.mjs';
import { undisturbed } from './states.mjs';
import { call, idOf } from './steps.mjs';
import { searching } from './search.mjs';
import { shell } from './shell.mjs';
import { shots } from './shots.mjs';
import { suite } from './suite.mjs';
import { tabs } from './tabs.mjs';

const FULL = process.env.FULL === '1';

/** Some Case that is open; the world stands still, so that nobody else ends it meanwhile. */
async function aCase(page) {
  const { speed } = await call(page, 'GET', '/v1/demo');
  await call(page, 'PUT', '/v1/demo', { paused: true, speed });
  await call(page, 'PUT', '/v1/presence', { status: 'break' });
  const { items } = await call(page, 'GET', '/v1/cases?tab=all&limit=50');
  return items.find((one) => one.state === 'open' || one.state === 'wait_customer').id;
}

async function workspace(browser, server, faults) {
  const signedIn = await journeys(browser, server, faults);
  if (process.argv.includes('--shots')) await shots(browser, server, signedIn);
  await atWork(browser, server, signedIn, faults);
  await undisturbed(signedIn, () => customers(signedIn, faults));
  await undisturbed(signedIn, () => searching(signedIn, faults));
  await undisturbed(signedIn, async () => {
    await composing(signedIn, faults);
    await matter(browser, signedIn, faults);
  });
  await keyboard(browser, server, signedIn, faults);
  await demo(browser, server, signedIn, faults);
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
}

process.exitCode = await suite('workspace', workspace);
