// A lever is previewed, pulled, undone: by keys, with what the routing would do shown before.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { call, step } from './steps.mjs';

const WHY = 'Half of the team is ill';
const LONG = { timeout: 30_000 };

async function visit(page) {
  await page.goto(`${new URL(page.url()).origin}/#/console/levers`);
  await page.getByRole('button', { name: 'New adjustment' }).first().waitFor(LONG);
  assert.deepEqual(await axe(page, '.levers'), [], 'axe on the levers');
}

const inForce = async (page) => {
  const { items } = await call(page, 'GET', '/v1/levers');
  return items.filter((one) => one.state === 'in_force' && one.reason === WHY);
};

/** What waits decides the queue: the preview has something to say there. */
async function longest(page) {
  const { items } = await call(page, 'GET', '/v1/queues');
  const looks = [];
  for (const { id, name } of items.slice(0, 6)) {
    const body = { kind: 'pause', queue_id: id };
    const { before } = await call(page, 'POST', '/v1/levers/preview', body);
    looks.push({ id, name, left: before.left });
  }
  return looks.sort((a, b) => b.left - a.left)[0];
}

async function look(page) {
  const queue = await longest(page);
  await page.getByRole('button', { name: 'New adjustment' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New adjustment' });
  await dialog.getByText('Choose what to adjust').waitFor(LONG);
  await dialog.getByLabel('Where').selectOption(`queue ${queue.id}`);
  const factor = dialog.getByRole('slider', { name: 'Counts times' });
  await factor.focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await factor.getAttribute('aria-valuetext'), '× 3');
  const preview = dialog.getByRole('region', { name: 'What it would change' });
  await preview.locator('.lever-found:not(.lever-behind), .empty').first().waitFor(LONG);
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on the dialog of a lever');
  assert.equal((await inForce(page)).length, 0, 'a look changes nothing');
  return dialog;
}

async function pull(page, dialog) {
  await dialog.getByLabel('Why').fill(WHY);
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'detached', ...LONG });
  const row = page.locator('.lever:not(.lever-over)', { hasText: WHY });
  await row.getByText(/left$/).waitFor(LONG);
  assert.match(await row.innerText(), /× 3/);
  assert.equal((await inForce(page)).length, 1);
  return row;
}

export async function levers(page, faults) {
  await step('a lever is previewed, pulled, undone', faults, async () => {
    await visit(page);
    const row = await pull(page, await look(page));
    await row.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.lever-over', { hasText: WHY }).first().waitFor(LONG);
    assert.deepEqual(await inForce(page), []);
    assert.deepEqual(await axe(page, '.levers'), [], 'axe on levers that are over');
  });
}
