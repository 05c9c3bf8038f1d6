// The list and the Case when there is nothing, when it takes long, when it fails, when the line is cut.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { call, step } from './steps.mjs';

const PROBLEM = {
  status: 500,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: '/docs/problems/bug',
    title: 'Something broke here',
    status: 500,
    detail: 'It is not your fault.',
    instance: '00c0ffee',
    code: 'bug',
  }),
};
const LIST = '**/v1/cases?*';

const home = (page) => new URL(page.url()).origin;
const good = async (page, name, part) =>
  assert.deepEqual(await axe(page, part), [], `axe: ${name}`);

/** Leaves the list and comes back, so that it is fetched anew. */
async function list(page, hash) {
  await page.goto(`${home(page)}/#/profile`);
  await page.locator('.form-card').first().waitFor();
  await page.goto(`${home(page)}/#/inbox/${hash}`);
}

async function empty(page) {
  await list(page, 'all?q=nothing-is-called-like-this');
  await page.locator('.list-panel .empty-title').waitFor();
  await good(page, 'an empty list');
}

/** Slow answers: nothing for a moment, then a skeleton that says it loads, then the rows. */
async function slow(page) {
  let open;
  const gate = new Promise((done) => {
    open = done;
  });
  await page.route(LIST, async (route) => {
    await gate;
    await route.continue();
  });
  await list(page, 'all?sort=oldest&state=any');
  await page.locator('.list-panel .skeleton').waitFor();
  assert.match(await page.locator('.list-panel [role=status]').innerText(), /Loading/);
  await good(page, 'a list that loads');
  open();
  await page.locator('.case-row').first().waitFor();
  await page.unroute(LIST);
}

/** A refusal in words, with the number to tell, and a way to try again that works. */
async function failing(page) {
  await page.route(LIST, (route) => route.fulfill(PROBLEM));
  await list(page, 'all?sort=priority&state=any');
  const alert = page.locator('.list-panel [role=alert]');
  await alert.getByText('It is not your fault.').waitFor();
  await alert.getByText('00c0ffee').waitFor();
  await good(page, 'a list that failed');
  await page.unroute(LIST);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.case-row').first().waitFor();
}

async function oneCase(page, id) {
  const path = `**/v1/cases/${id}`;
  await page.route(path, (route) => route.fulfill(PROBLEM));
  await page.goto(`${home(page)}/#/profile`);
  await page.reload();
  await page.locator('.form-card').first().waitFor();
  await page.goto(`${home(page)}/#/case/${id}`);
  const alert = page.locator('.case-panel [role=alert]');
  await alert.getByText('It is not your fault.').waitFor();
  await good(page, 'a Case that failed');
  await page.unroute(path);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.locator('.composer').waitFor();
  await page.goto(`${home(page)}/#/case/00000000-0000-7000-8000-000000000000`);
  await page.getByText('This case is not here').waitFor();
  await good(page, 'a Case that is not here');
}

/** Cut off: it is said, reading and writing go on, what cannot be undone waits; then all of it leaves. */
async function offline(page, id) {
  await page.goto(`${home(page)}/#/case/${id}`);
  await page.locator('.composer-text:not(:disabled)').waitFor();
  await page.context().setOffline(true);
  await page.locator('.banner', { hasText: 'Offline since' }).waitFor();
  const solve = page.locator('.case-actions').getByRole('button', { name: 'Solve' });
  assert.equal(await solve.isDisabled(), true, 'nothing is settled without a line');
  const text = `Written without a line ${Date.now()}`;
  await page.locator('.composer').getByRole('tab', { name: 'Note' }).click();
  await page.locator('.composer-text').fill(text);
  await page.keyboard.press('Control+Enter');
  await page.locator('.pending', { hasText: text }).waitFor();
  await page.locator('.banner', { hasText: '1 message waits' }).waitFor();
  await good(page, 'offline');
  await page.context().setOffline(false);
  await page.locator('.note-line:not(.pending)', { hasText: text }).waitFor({ timeout: 30_000 });
  await page.locator('.banner', { hasText: 'Offline since' }).waitFor({ state: 'detached' });
  await page.locator('.composer').getByRole('tab', { name: 'Reply' }).click();
}

/**
 * As the agent would: nothing is offered meanwhile, so that no card lies over what is looked at. The
 * world rests too: a colleague whose mail was taken over would answer it in the middle of a step.
 */
export async function undisturbed(page, work) {
  const { speed, paused } = await call(page, 'GET', '/v1/demo');
  await call(page, 'PUT', '/v1/demo', { paused: true, speed });
  await call(page, 'PUT', '/v1/presence', { status: 'break' });
  await page.locator('.offer-card').first().waitFor({ state: 'detached' });
  try {
    await work();
  } finally {
    await page.setViewportSize({ width: 1440, height: 900 });
    const open = page.locator('.demo-bar [aria-pressed="true"]');
    if (await open.isVisible()) await open.click();
    await call(page, 'PUT', '/v1/presence', { status: 'online' });
    await call(page, 'PUT', '/v1/demo', { paused, speed });
  }
}

/** The customer's side beside the desk: dark, wide, then narrow, where one of the two is shown. */
async function split(page, id) {
  await page.goto(`${home(page)}/#/case/${id}`);
  await page.locator('.composer').waitFor();
  const toggle = page.locator('.demo-bar [aria-pressed]');
  await page.evaluate(() => (document.documentElement.dataset.theme = 'dark'));
  await toggle.click();
  const side = page.frameLocator('.demo-frame');
  await side.getByText('Write to us').waitFor();
  await good(page, 'both sides, dark');
  await page.setViewportSize({ width: 390, height: 800 });
  assert.equal(await page.locator('.composer').isVisible(), false, 'one side at a time');
  await side.locator('.launcher').waitFor();
  await good(page, 'the customer’s side, narrow', '.shell-column');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 390, `${wide} px`);
  await toggle.click();
  await page.locator('.composer').waitFor();
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.evaluate(() => (document.documentElement.dataset.theme = 'light'));
}

/** Runs all of it on one signed-in page and an open Case. */
export async function states(page, id, faults) {
  const { case: found } = await call(page, 'GET', `/v1/cases/${id}`);
  assert.ok(['open', 'wait_customer'].includes(found.state), `a living Case, not ${found.state}`);
  await undisturbed(page, async () => {
    await step('nothing found says so', faults, () => empty(page));
    await step('a slow list shows that it loads', faults, () => slow(page));
    await step('a list that fails can be tried again', faults, () => failing(page));
    await step('a Case that fails or is not here says so', faults, () => oneCase(page, id));
    await step('without a line, reading and writing go on', faults, () => offline(page, id));
    await step('both sides at once, and one at a time where it is narrow', faults, () =>
      split(page, id),
    );
  });
}
