// What an agent does in a day: sign in, take an offer, answer, undo, collide, lose the line, solve.
import assert from 'node:assert/strict';
import { axe, open } from './browser.mjs';
import { anyway, call, send, step } from './steps.mjs';

const LONG = 90_000;

export async function signIn(browser, server) {
  const page = await open(browser, server.address);
  await page.goto(server.link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.shell').waitFor({ timeout: 30_000 });
  assert.ok(!page.url().includes('link'), 'the token leaves the address');
  return page;
}

export async function goOnline(page) {
  await page.locator('.presence-button').click();
  await page.locator('[data-entry=online]').click();
  await page.locator('.presence-button', { hasText: 'Online' }).waitFor();
}

async function act(page, name) {
  await page.getByRole('button', { name: 'Make something happen' }).click();
  await page.getByRole('menuitem', { name }).click();
}

/** An Offer comes; it does not steal the focus; taking it opens the Case. */
async function takeOffer(page) {
  await page.locator('.palette-button').focus();
  const card = page.locator('.offer-card').first();
  for (let tries = 0; tries < 6 && !(await card.isVisible()); tries += 1) {
    const here = page.getByRole('button', { name: 'I am here' });
    if (await here.isVisible()) await here.click();
    await act(page, 'A VIP chat for me');
    await card.waitFor({ timeout: 30_000 }).catch(() => undefined);
    await page.locator('.palette-button').focus();
  }
  await card.waitFor({ timeout: 30_000 });
  const focused = await page.evaluate(() => document.activeElement?.closest('.offer-card'));
  assert.equal(focused, null, 'the card took the focus');
  assert.match(await card.locator('.ring-text').innerText(), /\d/);
  assert.deepEqual(await axe(page), [], 'axe on the offer card');
  const opened = () => page.waitForURL(/#\/inbox\/mine\/.+/, { timeout: 5_000 });
  await card.getByRole('button', { name: 'Accept' }).click();
  await opened().catch(async () => {
    // the card may have run out or been withdrawn while it was being judged: the next one counts
    await page.locator('.offer-card').first().waitFor({ timeout: LONG });
    await page.locator('.offer-card').first().getByRole('button', { name: 'Accept' }).click();
    await opened();
  });
  await page.locator('.composer').waitFor();
}

/** Answers what was offered, chat or mail: it leaves and says so. */
async function answerOffer(page) {
  const text = 'Hello, I am looking into it right now.';
  await page.locator('.composer-text:not(:disabled)').fill(text);
  await page.keyboard.press('Control+Enter');
  await anyway(page);
  const said = page.locator('.bubble-out:not(.pending), .mail-out', { hasText: text });
  await said.first().waitFor();
  const now = page.locator('.undo-bar').getByRole('button', { name: 'Send now' });
  if (await now.isVisible()) await now.click();
  await said
    .locator('.ticks', { hasText: /Sent|Delivered|Read/ })
    .first()
    .waitFor({ timeout: 30_000 });
}

/** Opens a Case that came by mail and takes its work. */
async function openMail(page) {
  await page.goto(`${new URL(page.url()).origin}/#/inbox/all?sort=newest`);
  const row = page.locator('.case-row:has(.channel-mark[title="E-mail"])').first();
  await act(page, 'A mail comes in');
  await row.waitFor({ timeout: LONG });
  await row.click();
  await page.locator('.composer').waitFor();
  const take = page.getByRole('button', { name: 'Take it' });
  if (await take.isVisible()) await take.click();
  await page.locator('.composer-text:not(:disabled)').waitFor();
}

async function undoAndSend(page) {
  const text = `Thank you, this is settled. ${Date.now()}`;
  await page.locator('.composer-text').fill(text);
  await send(page);
  await page.locator('.undo-bar').getByRole('button', { name: 'Undo' }).click({ timeout: 30_000 });
  await page.waitForFunction(
    (wanted) => document.querySelector('.composer-text')?.value === wanted,
    text,
  );
  await page
    .locator('.mail-out', { hasText: text })
    .locator('.ticks', { hasText: 'Taken back' })
    .waitFor();
  await send(page);
  await page
    .locator('.undo-bar')
    .getByRole('button', { name: 'Send now' })
    .click({ timeout: 30_000 });
  await page
    .locator('.mail-out', { hasText: text })
    .locator('.ticks', { hasText: /Sent|Delivered|Read/ })
    .waitFor({ timeout: 40_000 });
}

/** Written while the line is broken and the page reloaded: sent once, after all. */
async function surviveReload(page) {
  const text = `Note across a reload ${Date.now()}`;
  await page.route('**/v1/cases/*/notes', (route) => route.abort());
  await page.locator('.composer').getByRole('tab', { name: 'Note' }).click();
  await page.locator('.composer-text').fill(text);
  await page.keyboard.press('Control+Enter');
  await page.locator('.pending', { hasText: text }).waitFor();
  await page.unroute('**/v1/cases/*/notes');
  await page.reload();
  await page.locator('.note-line:not(.pending)', { hasText: text }).waitFor({ timeout: 30_000 });
  await page.waitForTimeout(500);
  assert.equal(await page.locator('.note-line', { hasText: text }).count(), 1);
}

async function keepDraft(page) {
  const text = `An unfinished thought ${Date.now()}`;
  await page.locator('.composer').getByRole('tab', { name: 'Reply' }).click();
  await page.locator('.composer-text').fill(text);
  await page.waitForTimeout(600);
  await page.reload();
  await page.locator('.composer-text:not(:disabled)').waitFor();
  await page.waitForFunction(
    (wanted) => document.querySelector('.composer-text')?.value === wanted,
    text,
  );
  await page.locator('.composer-text').fill('');
}

/** Two windows answer the same mail: the second is asked, nothing doubles. */
async function collide(browser, server, page) {
  const other = await open(browser, server.address, {
    storageState: await page.context().storageState(),
  });
  await other.goto(page.url());
  await other.locator('.composer-text:not(:disabled)').waitFor();
  const mine = `Mine ${Date.now()}`;
  await page.locator('.composer-text').fill(mine);
  await other.locator('.composer-text').fill('The faster one');
  await send(other);
  await other.locator('.undo-bar').waitFor();
  await page.locator('.mail-out', { hasText: 'The faster one' }).waitFor({ timeout: 30_000 });
  await send(page);
  const dialog = page.getByRole('dialog', { name: 'Somebody was faster' });
  await dialog.waitFor({ timeout: 30_000 });
  assert.deepEqual(await axe(page), [], 'axe on the collision dialog');
  await dialog.getByRole('button', { name: 'Discard mine' }).click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await page.locator('.mail-out', { hasText: mine }).count(), 0);
  const now = other.locator('.undo-bar').getByRole('button', { name: 'Send now' });
  await now.click({ timeout: 2_000 }).catch(() => undefined); // its ten seconds may be over by now
  const faults = other.faults;
  await other.context().close();
  return faults;
}

async function solve(page) {
  await page.locator('.case-actions').getByRole('button', { name: 'Solve' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Solve' }).click();
  await page.locator('.case-facts .chip', { hasText: 'Solved' }).waitFor({ timeout: 30_000 });
}

/** Runs all of it; resolves with the signed-in page for the screens. */
export async function journeys(browser, server, faults) {
  const page = await step('sign in by a one-time link', faults, () => signIn(browser, server));
  if (!page) throw new Error('nobody could sign in');
  await step('go online', faults, () => goOnline(page));
  await step('take an offer; the focus stays', faults, () => takeOffer(page));
  await step('answer what was offered', faults, () => answerOffer(page));
  await step('open a mail and take its work', faults, () => openMail(page));
  const { speed, paused } = await call(page, 'GET', '/v1/demo');
  await call(page, 'PUT', '/v1/demo', { paused: true, speed }); // its writer would answer, and be routed elsewhere
  await step('undo a reply, send it again', faults, () => undoAndSend(page));
  await step('lose the line and the page; nothing is lost or doubled', faults, () =>
    surviveReload(page),
  );
  await step('keep a draft across a reload', faults, () => keepDraft(page));
  const more = await step('collide with another window', faults, () =>
    collide(browser, server, page),
  );
  await step('solve', faults, () => solve(page));
  await call(page, 'PUT', '/v1/demo', { paused, speed });
  faults.push(...page.faults, ...(more ?? []));
  page.faults.length = 0;
  return page;
}
