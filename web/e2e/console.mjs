// The console: a supervisor changes a status, reads along, takes over; an alert comes and is settled.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { undisturbed } from './states.mjs';
import { call, step, until } from './steps.mjs';

const LONG = { timeout: 30_000 };
const HOUR = 3_600_000;

/** A colleague who is here and has a Case in hand that may be seen; the world rests meanwhile. */
async function colleague(page, me) {
  return until('a colleague at work', async () => {
    const { items } = await call(page, 'GET', '/v1/console');
    for (const one of items) {
      if (one.id === me.id || one.presence?.status !== 'online') continue;
      // Two matters of one title look alike in the grid: one that is told apart is wanted.
      const alone = (held) => one.work.filter(({ title }) => title === held.title).length === 1;
      const item = one.work.find((held) => held.case_id && held.state === 'in_work' && alone(held));
      if (item) return { ...one, item };
    }
    return undefined;
  });
}

const rowOf = (page, person) => page.locator('.console-agent', { hasText: person.name });

async function changeStatus(page, person) {
  await page.getByRole('tab', { name: 'Agents' }).click();
  const row = rowOf(page, person);
  await row.getByRole('button', { name: `More about ${person.name}` }).click(LONG);
  await page.getByRole('menuitem', { name: 'Change status…' }).click();
  const dialog = page.getByRole('dialog', { name: `Change the status of ${person.name}` });
  await dialog.getByLabel('New status').selectOption('busy');
  await dialog.getByLabel('Why').fill('Mail only today');
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on the dialog of a status');
  await dialog.getByRole('button', { name: 'Change' }).click();
  await dialog.waitFor({ state: 'detached', ...LONG });
  await row.getByText('Busy').waitFor(LONG);
  await row.getByText('Mail only today').waitFor(LONG);
  assert.deepEqual(await axe(page, '.console'), [], 'axe on the agents');
}

const workOf = (page, person) =>
  rowOf(page, person).locator('button.console-work', { hasText: person.item.title });

async function wish(page, person, what) {
  await workOf(page, person).first().click(LONG);
  await page.getByRole('menuitem', { name: what }).click();
}

async function listen(page, person) {
  await wish(page, person, 'Read along');
  await page.locator('.listening').getByText(`${person.name} can see that`).waitFor(LONG);
  assert.equal(await page.locator('.composer').count(), 0, 'nothing is written here');
  await page.goBack();
  await page.getByRole('tab', { name: 'Agents' }).click(LONG);
}

async function takeOver(page, person) {
  await wish(page, person, 'Take over…');
  const dialog = page.getByRole('dialog', { name: 'Take the case over' });
  await dialog.getByLabel('Why').fill('I know this customer');
  await dialog.getByRole('button', { name: 'Take over' }).click();
  await dialog.waitFor({ state: 'detached', ...LONG });
  await workOf(page, person).waitFor({ state: 'detached', ...LONG });
}

async function alertSettled(page, person) {
  const late = new Date(Date.now() - HOUR).toISOString();
  await call(page, 'PUT', `/v1/agents/${person.id}/presence`, {
    status: 'break',
    reason: 'Lunch',
    planned_return: late,
  });
  await page.getByRole('tab', { name: /Alerts/ }).click();
  const alert = page.locator('.console-alert', { hasText: person.name });
  await alert.getByText('Not back as planned').waitFor(LONG);
  assert.deepEqual(await axe(page, '.console'), [], 'axe on the alerts');
  await alert.getByRole('button', { name: 'Settled' }).click();
  await alert.waitFor({ state: 'detached', ...LONG });
  await page.getByRole('button', { name: 'Past alerts' }).click();
  await alert.getByText(/settled by/).waitFor(LONG);
}

/** Who has been moved about goes on as before; the Case waits again. */
async function leave(page, person) {
  await call(page, 'POST', `/v1/work_items/${person.item.id}/return`).catch(() => undefined);
  const back = { status: 'online', reason: 'Thank you' };
  await call(page, 'PUT', `/v1/agents/${person.id}/presence`, back);
}

export async function supervision(browser, server, page, faults) {
  const home = new URL(page.url()).origin;
  const { me } = await call(page, 'GET', '/v1/bootstrap?view=mine');
  await step('the console shows queues in trouble first', faults, async () => {
    await page.goto(`${home}/#/console`);
    await page.locator('.console-table tbody tr').first().waitFor(LONG);
    assert.deepEqual(await axe(page, '.console'), [], 'axe on the matrix');
  });
  await colleague(page, me); // somebody is at work before the world rests
  await undisturbed(page, async () => {
    const person = await colleague(page, me);
    await step('a supervisor changes a status with a reason', faults, () =>
      changeStatus(page, person),
    );
    await step('a supervisor reads along and takes over', faults, async () => {
      await listen(page, person);
      await takeOver(page, person);
      const { work_items: mine } = await call(page, 'GET', `/v1/cases/${person.item.case_id}`);
      const had = mine.find((one) => one.id === person.item.id);
      assert.equal(had?.agent_id, me.id, 'the work is mine');
    });
    await step('an alert comes and is settled', faults, () => alertSettled(page, person));
    await step('everybody goes on as before', faults, () => leave(page, person));
  });
  await page.goto(`${home}/#/inbox/mine`);
}
