// The living demo: a tour that leaves one alone, a bar that folds, whom one likes to be, a broken line, the end.
import assert from 'node:assert/strict';
import { axe, open } from './browser.mjs';
import { undisturbed } from './states.mjs';
import { call, step, until } from './steps.mjs';

/** Five stops beside live things; nothing is blocked; who has seen it is not asked again. */
async function tour(browser, server, page) {
  const storageState = await page.context().storageState();
  for (const origin of storageState.origins)
    origin.localStorage = origin.localStorage.filter((one) => one.name !== 'polyphony-tour');
  const fresh = await open(browser, server.address, { storageState, tour: true });
  await fresh.goto(`${server.address}/#/inbox/all`);
  const card = fresh.locator('.tour-card');
  await card.waitFor({ timeout: 30_000 });
  assert.deepEqual(await axe(fresh), [], 'axe on the tour');
  await fresh.locator('.case-row').first().click();
  for (let stop = 1; stop < 5; stop += 1) await card.getByRole('button', { name: 'Next' }).click();
  assert.match(await card.innerText(), /5 of 5/);
  await card.getByRole('button', { name: 'Done' }).click();
  await card.waitFor({ state: 'detached' });
  await fresh.reload();
  await fresh.locator('.demo-bar').waitFor();
  assert.equal(await card.count(), 0);
  const { faults } = fresh;
  await fresh.context().close();
  return faults;
}

async function fold(page) {
  await page.getByRole('button', { name: 'Fold the demo bar away' }).click();
  const back = page.locator('.demo-unfold');
  await back.waitFor();
  assert.equal(await page.locator('.demo-acts').count(), 0);
  assert.deepEqual(await axe(page), [], 'axe on the folded bar');
  await back.click();
  await page.getByRole('button', { name: 'Make something happen' }).waitFor();
}

/** The cast, what each will do later, in a dialog; a story is begun by hand. */
async function cast(page) {
  await page.getByRole('button', { name: 'More about the demo' }).click();
  await page.locator('[data-entry="cast"]').click();
  const dialog = page.getByRole('dialog', { name: 'The cast' });
  await dialog.locator('.cast-member').nth(11).waitFor();
  assert.match(await dialog.innerText(), /later: letters, phone/);
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on who plays');
  await page.keyboard.press('Escape');
}

/** One is Olga: the site speaks Russian and the desk knows her when she writes. */
async function beOlga(page) {
  await page.locator('.demo-bar [aria-pressed]').click();
  const side = page.frameLocator('.demo-frame');
  await side.locator('#as').selectOption('olga');
  await side.getByRole('heading', { name: 'Электричество, которое отвечает.' }).waitFor();
  await side.locator('#t').fill(`Проверьте, пожалуйста, счёт ${Date.now()}`);
  await side.getByRole('button', { name: 'Отправить' }).click();
  await side.locator('article.out').first().waitFor();
  await until('her mail at the desk', async () => {
    const { items } = await call(page, 'GET', '/v1/customers?q=olga.sokolova');
    return items.some((one) => one.open_cases > 0);
  });
  await page.locator('.demo-bar [aria-pressed="true"]').click();
}

/** The customer stands beside every Case or none, as he was left, and never covers one unasked. */
async function beside(page) {
  await page.goto(`${new URL(page.url()).origin}/#/inbox/all?state=any`);
  const rows = page.locator('.case-row');
  const shown = page.locator('.desk-side');
  const gone = () => shown.waitFor({ state: 'detached' });
  await rows.first().click();
  await shown.waitFor();
  await page.getByRole('button', { name: 'Be the customer' }).click();
  await gone();
  await page.getByRole('button', { name: 'Close the customer’s side' }).click();
  await shown.waitFor();
  const toggle = page.getByRole('button', { name: 'Customer panel', exact: true });
  await toggle.click();
  await gone();
  await rows.nth(1).click();
  await page.locator('.composer').waitFor();
  assert.equal(await shown.count(), 0, 'away at the next Case, too');
  await toggle.click();
  await shown.waitFor();
}

/** The line of this tab breaks by the menu: it says so, and comes back by itself. */
async function dropped(page) {
  await page.getByRole('button', { name: 'Make something happen' }).click();
  await page.locator('[data-entry="drop"]').click();
  const bar = page.locator('.banner', { hasText: 'Offline since' });
  await bar.waitFor({ timeout: 30_000 });
  // numbers that may be old step back, until the line is heard again
  const dim = () =>
    page.evaluate(() => {
      const counter = document.querySelector('.count, .bar-count, .case-row-count');
      return counter !== null && getComputedStyle(counter).backgroundColor === 'rgba(0, 0, 0, 0)';
    });
  await until('counters are dimmed', dim, 30_000);
  await bar.waitFor({ state: 'detached', timeout: 40_000 });
  await until('counters are as before', async () => !(await dim()));
}

/** Runs all but the removal. */
export async function demo(browser, server, page, faults) {
  const here = page.url();
  const more = await step('take the tour, once', faults, () => tour(browser, server, page));
  await step('fold the bar of the demo away', faults, () => fold(page));
  await step('see who plays', faults, () => cast(page));
  await step('the customer stands where he was left', faults, () =>
    undisturbed(page, () => beside(page)),
  );
  await step('be Olga', faults, () => beOlga(page));
  await step('drop the network of this tab', faults, () => dropped(page));
  faults.push(...page.faults, ...(more ?? []));
  page.faults.length = 0;
  await page.goto(here);
}

/** The last of all: everything pretended goes, with its progress shown; the desk goes on empty. */
export async function removal(page, faults) {
  await step('remove the demo data', faults, async () => {
    await page.getByRole('button', { name: 'More about the demo' }).click();
    await page.locator('[data-entry="remove"]').click();
    const dialog = page.getByRole('dialog', { name: 'Remove the demo data' });
    await dialog.getByRole('button', { name: 'Remove the demo data' }).click();
    await dialog.locator('progress').waitFor({ timeout: 60_000 });
    await page.locator('.demo-bar').waitFor({ state: 'detached', timeout: 180_000 });
    await page.locator('.shell').waitFor();
    const { items } = await call(page, 'GET', '/v1/customers?limit=1');
    assert.equal(items.length, 0, 'customers are left');
  });
}
