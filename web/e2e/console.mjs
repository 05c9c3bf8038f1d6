// The console: a supervisor changes a status, reads along, takes over; an alert comes and is settled.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { undisturbed } from './states.mjs';
import { call, step, until } from './steps.mjs';

const LONG = { timeout: 30_000 };
const HOUR = 3_600_000;

/** Somebody of ours whom no pretended colleague plays. */
async function newcomer(page, departments) {
  const mark = Date.now();
  const { person } = await call(page, 'POST', '/v1/people', {
    name: `Karel Console ${mark}`,
    email: `karel.${mark}@lumen.example`,
    departments,
  });
  return person;
}

/** Gives him a piece of somebody's work that he may have at all; what ended meanwhile is passed over. */
async function work(page, person) {
  return until('work for the newcomer', async () => {
    const { items } = await call(page, 'GET', '/v1/console');
    for (const one of items.flatMap((agent) => agent.work)) {
      if (!one.case_id || one.state !== 'in_work') continue;
      const body = { agent_id: person.id, reason: 'He takes it from here' };
      const done = await call(page, 'POST', `/v1/work_items/${one.id}/assign`, body).catch(
        () => undefined,
      );
      if (done) return one;
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

async function wish(page, person, what) {
  await rowOf(page, person).locator('button.console-work').first().click(LONG);
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
  await rowOf(page, person).getByText('no work').waitFor(LONG);
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

export async function supervision(browser, server, page, faults) {
  const home = new URL(page.url()).origin;
  const { me } = await call(page, 'GET', '/v1/bootstrap?view=mine');
  const person = await newcomer(page, me.supervised);
  let item;
  await step('the console shows queues in trouble first', faults, async () => {
    await page.goto(`${home}/#/console`);
    await page.locator('.console-table tbody tr').first().waitFor(LONG);
    assert.deepEqual(await axe(page, '.console'), [], 'axe on the matrix');
  });
  await step('a supervisor changes a status with a reason', faults, () =>
    changeStatus(page, person),
  );
  await step('a supervisor reads along and takes over', faults, async () => {
    item = await work(page, person);
    await undisturbed(page, async () => {
      await listen(page, person);
      await takeOver(page, person);
    });
    const { work_items: mine } = await call(page, 'GET', `/v1/cases/${item.case_id}`);
    assert.equal(mine.find((one) => one.id === item.id)?.agent_id, me.id, 'the work is mine');
  });
  await step('an alert comes and is settled', faults, () => alertSettled(page, person));
  await step('the console is left as it was', faults, async () => {
    if (item) await call(page, 'POST', `/v1/work_items/${item.id}/return`);
    await call(page, 'PUT', `/v1/agents/${person.id}/presence`, {
      status: 'offline',
      reason: 'Done for today',
    });
    await page.goto(`${home}/#/inbox/mine`);
  });
}
