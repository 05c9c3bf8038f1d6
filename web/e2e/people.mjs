// People at work: a status of the house, what work costs, a card that accepts itself, wrap-up.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { call, choose, step, until } from './steps.mjs';

const visit = async (page, name) => {
  await page.goto(`${new URL(page.url()).origin}/#/admin/${name}`);
  await page.locator('.admin-head h1').waitFor();
};
const clean = async (page, where, what) =>
  assert.deepEqual(await axe(page, where), [], `axe: ${what}`);

/** Made in the set-up, chosen in the menu, seen in the bar, taken away again. */
async function statusOfTheHouse(page) {
  await visit(page, 'statuses');
  await page.locator('.admin-head').getByRole('button', { name: 'New status' }).click();
  const dialog = page.getByRole('dialog', { name: 'New status' });
  await dialog.getByLabel('Name: English').fill('Course');
  await dialog.getByLabel('E-mail').selectOption('finish');
  await dialog.getByLabel('Colour').selectOption('note');
  await dialog.getByLabel('Reasons').fill('new system, languages');
  await clean(page, 'dialog[open]', 'the dialog of a status');
  await dialog.getByRole('button', { name: 'Save' }).click();
  const row = page.locator('.table tr', { hasText: 'Course' });
  await row.getByText('Finish only').waitFor();
  await page.locator('.presence-button').click();
  await page.locator('[data-entry=course]').click({ timeout: 10_000 });
  await page.getByLabel('Reason').selectOption('languages');
  await clean(page, '.popover', 'the reasons of a status');
  await page.getByRole('button', { name: 'Go: Course' }).click();
  await page.locator('.presence-button', { hasText: 'Course' }).waitFor();
  await row.getByRole('button', { name: 'Remove Course' }).click();
  const ask = page.getByRole('dialog', { name: 'Remove Course' });
  await ask.getByRole('button', { name: 'Remove' }).click();
  await page.locator('.toast-bad', { hasText: 'in this status' }).first().waitFor();
  await call(page, 'PUT', '/v1/presence', { status: 'online' });
  await ask.getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
}

/** The bar with Save has gone: what was typed is kept. */
const kept = (page) => page.locator('.save-bar:not([data-on])').waitFor({ state: 'attached' });

async function capacity(page) {
  await visit(page, 'capacity');
  await page.getByLabel('Units of Chat').fill('25');
  await page.locator('tr', { hasText: 'Chat' }).getByText('4', { exact: true }).waitFor();
  const pair = page.getByRole('button', { name: 'Chat interrupts Step of a Case' });
  const before = await pair.getAttribute('aria-pressed');
  await pair.click();
  assert.notEqual(await pair.getAttribute('aria-pressed'), before);
  await clean(page, 'main', 'the page of capacity');
  await page.getByRole('button', { name: 'Save' }).click();
  await kept(page);
  await page.getByLabel('Units of Chat').fill('33');
  await page.getByRole('button', { name: 'Chat interrupts Step of a Case' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await kept(page);
}

const everyQueue = async (page, body) => {
  for (const { id } of (await call(page, 'GET', '/v1/queues')).items)
    await call(page, 'PATCH', `/v1/queues/${id}`, body);
};

/** The card is seen, so it is taken; nobody clicks, and the page stays where it is. */
async function acceptsItself(page) {
  await call(page, 'PUT', '/v1/presence', { status: 'break' }); // cards that are open would fill his hands
  await everyQueue(page, { auto_accept: true, wrap_up_s: 60 });
  await page.goto(`${new URL(page.url()).origin}/#/inbox/mine`);
  await call(page, 'PUT', '/v1/presence', { status: 'online' });
  const taken = page.locator('.toast', { hasText: 'Taken for you' }).first();
  for (let tries = 0; tries < 4 && !(await taken.isVisible()); tries += 1) {
    await page.getByRole('button', { name: 'Make something happen' }).click();
    await page.getByRole('menuitem', { name: 'A VIP chat for me' }).click();
    await taken.waitFor({ timeout: 15_000 }).catch(() => undefined);
  }
  assert.match(page.url(), /inbox\/mine$/, 'it went somewhere by itself');
  await taken.getByRole('button', { name: 'Open' }).click();
  await page.waitForURL(/inbox\/mine\/.+/);
  await page.locator('.composer').waitFor();
  await everyQueue(page, { auto_accept: false });
}

/** The work ends, its outcome is written in the minute that follows, which can be longer. */
async function wrapsUp(page) {
  await choose(page, 'finish');
  const bar = page.locator('.wrap-up').first();
  await bar.waitFor();
  await page.locator('.presence-button', { hasText: 'Wrap-up' }).waitFor();
  await clean(page, 'html', 'the desk with the bar of a wrap-up');
  const left = async () => (await bar.locator('.wrap-up-left').innerText()).split(':').map(Number);
  const [before] = await left();
  await bar.getByRole('button', { name: /More time/ }).click();
  await until('more time', async () => (await left())[0] > before);
  await bar.getByLabel('How it ended').selectOption({ index: 1 });
  await bar.getByRole('button', { name: 'Done' }).click();
  await bar.waitFor({ state: 'detached' });
  await page.locator('.presence-button', { hasText: 'Online' }).waitFor();
  await everyQueue(page, { wrap_up_s: 0 });
}

/** Runs all of it; the page ends where it was. */
export async function people(page, faults) {
  const back = page.url();
  await step('a status of the house', faults, () => statusOfTheHouse(page));
  await step('what work costs', faults, () => capacity(page));
  await step('a card that is seen is accepted', faults, () => acceptsItself(page));
  await step('wrap up, with more time', faults, () => wrapsUp(page));
  faults.push(...page.faults);
  page.faults.length = 0;
  await page.goto(back);
  await page.locator('.shell').waitFor();
}
