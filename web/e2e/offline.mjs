// Without a line: the workspace opens from what this machine keeps, is read, written in, and catches up.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { step, until } from './steps.mjs';

const API = '**/v1/**';

/** Everything of the API fails; the page itself still comes (the service worker keeps it elsewhere). */
const cut = (page) => page.route(API, (route) => route.abort('internetdisconnected'));

async function opened(page, id) {
  await page.goto(`${new URL(page.url()).origin}/#/case/${id}`);
  await page.locator('.composer-text:not(:disabled)').waitFor();
  await page.locator('.line-live').waitFor();
}

/** Cut off and reloaded: list, Case and composer are there; what is written waits and leaves once. */
async function reloadWithout(page, id) {
  await opened(page, id);
  const seen = await page.locator('.case-title').innerText();
  const before = `Said before the line went ${Date.now()}`;
  await page.locator('.composer').getByRole('tab', { name: 'Note' }).click();
  await page.locator('.composer-text').fill(before);
  await page.keyboard.press('Control+Enter');
  await page.locator('.note-line:not(.pending)', { hasText: before }).waitFor();
  await page.waitForTimeout(3_500); // what is kept follows the stream by three seconds
  await cut(page);
  await page.reload();
  await page.locator('.composer').waitFor();
  const title = page.locator('.case-title');
  assert.equal(await title.innerText(), seen);
  await page.locator('.note-line', { hasText: before }).waitFor();
  const text = `Written after opening without a line ${Date.now()}`;
  await page.locator('.composer').getByRole('tab', { name: 'Note' }).click();
  await page.locator('.composer-text').fill(text);
  await page.keyboard.press('Control+Enter');
  await page.locator('.pending', { hasText: text }).waitFor();
  await page.locator('.banner', { hasText: /Offline since [^]*1 message waits/ }).waitFor();
  assert.deepEqual(await axe(page), [], 'axe without a line');
  await page.unroute(API);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.locator('.note-line:not(.pending)', { hasText: text }).waitFor({ timeout: 45_000 });
  await page.locator('.banner', { hasText: 'Offline since' }).waitFor({ state: 'detached' });
  assert.equal(await page.locator('.note-line', { hasText: text }).count(), 1);
}

/** What is older than ten minutes asks before it leaves. */
async function oldAsks(page, id) {
  await opened(page, id);
  await page.evaluate(() => {
    const real = Date.now;
    window.backThen = () => (Date.now = () => real() - 11 * 60_000);
    window.now = () => (Date.now = real);
  });
  await page.route('**/v1/cases/*/notes', (route) => route.abort('internetdisconnected'));
  await page.evaluate(() => window.backThen());
  const text = `Written a while ago ${Date.now()}`;
  await page.locator('.composer').getByRole('tab', { name: 'Note' }).click();
  await page.locator('.composer-text').fill(text);
  await page.keyboard.press('Control+Enter');
  const item = page.locator('.pending', { hasText: text });
  await item.waitFor();
  await page.evaluate(() => window.now());
  await page.unroute('**/v1/cases/*/notes');
  // What failed several times is tried again ever later; a line that comes back is tried at once.
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await item.getByRole('button', { name: 'Send', exact: true }).click({ timeout: 60_000 });
  await page.locator('.note-line:not(.pending)', { hasText: text }).waitFor();
}

const names = (page) =>
  page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name));

/** Signed out: nothing of the person stays on the machine. */
export async function clears(page, faults) {
  await step('signing out leaves nothing on the machine', faults, async () => {
    const kept = (await names(page)).filter((name) => name?.startsWith('polyphony-'));
    assert.ok(kept.length > 0, 'something was kept');
    await page.locator('.person-button').first().click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('form').first().waitFor();
    await until('the store is gone', async () => {
      const left = await names(page);
      return !left.some((name) => kept.includes(name));
    });
    assert.equal(await page.evaluate(() => localStorage.getItem('polyphony-person')), null);
  });
}

/** Runs it on a signed-in page and an open Case. */
export async function offline(page, id, faults) {
  await step('open, read and write without a line', faults, () => reloadWithout(page, id));
  await step('what waited too long asks before it leaves', faults, () => oldAsks(page, id));
}
