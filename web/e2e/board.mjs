// The wallboard: live figures in the workspace, a board of one's own, a screen on a wall by link and PIN that goes dark.
import assert from 'node:assert/strict';
import { axe, open } from './browser.mjs';
import { call, step, until } from './steps.mjs';

const PIN = '482913';

async function live(page, part = '.board-page', shown = '.board-tile') {
  await page.locator(`${part} ${shown}`).first().waitFor({ timeout: 30_000 });
  assert.deepEqual(await axe(page, part), [], `axe on ${part}`);
}

const waits = async (page) =>
  Number(
    await page
      .locator('.board-tile', { hasText: /^Waiting/ })
      .first()
      .locator('.board-value')
      .innerText(),
  );

async function makeBoard(page) {
  await page.getByRole('button', { name: 'New board' }).click();
  const dialog = page.getByRole('dialog', { name: 'New board' });
  await dialog.getByLabel('Name', { exact: true }).fill('Hall');
  await dialog.locator('summary', { hasText: 'Thresholds' }).click();
  const limit = dialog.getByRole('group', { name: 'Agents free' });
  await limit.getByLabel('Watch').fill('500');
  await limit.getByLabel('Bad').fill('400');
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on the dialog of a board');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await page.locator('.board-tile.board-bad', { hasText: 'Agents free' }).waitFor();
}

async function hang(page) {
  await page.getByRole('button', { name: 'Show on a screen' }).click();
  const dialog = page.getByRole('dialog', { name: 'Hall on screens' });
  await dialog.getByLabel('Where it hangs').fill('Second floor');
  await dialog.getByLabel('PIN').fill(PIN);
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const address = await dialog.locator('.board-address').innerText();
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on the links');
  return address;
}

async function wall(browser, server, address, faults) {
  const screen = await open(browser, server.address, { width: 1920, height: 1080 });
  await screen.goto(address);
  await screen.getByLabel('PIN').fill('000000');
  await screen.keyboard.press('Enter');
  await screen.getByText('That is not the PIN.').waitFor();
  assert.deepEqual(await axe(screen, '.tv-lock'), [], 'axe on the PIN');
  await screen.getByLabel('PIN').fill(PIN);
  await screen.keyboard.press('Enter');
  await live(screen, '.tv', '.tv-body > *');
  const least = await screen
    .locator('.tv .tv-page')
    .first()
    .evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  assert.ok(least >= 32, `readable from three metres: ${least} px`);
  // what was drawn first is fitted once it is measured
  await until('a wall does not scroll', () =>
    screen.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight + 4),
  );
  await screen.reload();
  await live(screen, '.tv', '.tv-body > *'); // the key it was given, no PIN
  faults.push(...screen.faults);
  return screen;
}

export async function boards(browser, server, page, faults) {
  const home = new URL(page.url()).origin;
  await step('the wallboard is live', faults, async () => {
    await page.goto(`${home}/#/wallboard`);
    await live(page);
    assert.ok((await waits(page)) >= 0, 'a number waits');
    await page.locator('.board-table tbody tr').first().waitFor();
    await page.locator('.board-canvas canvas').waitFor();
  });
  let address;
  let screen;
  await step('a board of one’s own with a threshold', faults, () => makeBoard(page));
  await step('a screen comes in by PIN', faults, async () => {
    address = await hang(page);
    screen = await wall(browser, server, address, faults);
  });
  await step('its link removed, the screen goes dark', faults, async () => {
    const { items } = await call(page, 'GET', '/v1/boards');
    const board = items.find((one) => one.name === 'Hall');
    await page.getByRole('button', { name: 'Remove the link Second floor' }).click();
    await screen.getByText('This link does not show a board any more.').waitFor();
    await screen.context().close();
    await page.keyboard.press('Escape');
    await call(page, 'DELETE', `/v1/boards/${board.id}`);
    await page.goto(`${home}/#/inbox/mine`);
  });
}
