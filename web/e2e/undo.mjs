// Undo everywhere: work taken, given on, changed; taken back by the key, refused when somebody was faster.
import assert from 'node:assert/strict';
import { call, choose, step, until } from './steps.mjs';

const chip = (page, name) => page.locator('.case-facts .chip', { hasText: name });
const toast = (page, name) => page.locator('.toast', { hasText: name });

/** Leaves the dialog or field behind, then the key. */
async function undo(page) {
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await page.locator('.case-title').click();
  await page.keyboard.press('u');
}

/** What earlier steps left in the person's hands goes back: work is taken only where there is room. */
async function freeHands(page) {
  const { person } = await call(page, 'GET', '/v1/sign_ins/current');
  const { work_items: work } = await call(page, 'GET', '/v1/cases?tab=mine&state=any&limit=200');
  for (const item of work.filter((one) => one.agent_id === person.id && one.state === 'in_work'))
    await call(page, 'POST', `/v1/work_items/${item.id}/return`);
}

/** A Case with one piece of work, given to a queue nobody serves: it waits there until somebody takes it. */
async function waiting(page) {
  const { items, work_items: work } = await call(page, 'GET', '/v1/cases?tab=all&limit=50');
  const live = (one) =>
    work.filter((item) => item.case_id === one.id && !['done', 'cancelled'].includes(item.state));
  const found = items.find(
    (one) => live(one).length === 1 && ['waiting', 'in_work'].includes(live(one)[0].state),
  );
  assert.ok(found, 'a Case with one piece of work');
  const queue = await call(page, 'POST', '/v1/queues', {
    department_id: found.department_id,
    name: `Nobody serves this ${Date.now()}`,
    channels: ['email', 'chat'],
  });
  await call(page, 'POST', `/v1/work_items/${live(found)[0].id}/transfer`, { queue_id: queue.id });
  return found;
}

async function taken(page, base, found) {
  await page.goto(`${base}/#/inbox/all/${found.id}`);
  const take = page.getByRole('button', { name: 'Take it' });
  await take.click();
  await toast(page, 'It is yours now').waitFor();
  await undo(page);
  await toast(page, 'Undone').waitFor();
  await take.click();
  await chip(page, 'with you').waitFor();
}

async function handedOn(page) {
  await choose(page, 'transfer');
  const dialog = page.getByRole('dialog', { name: 'Transfer' });
  await dialog.getByRole('button', { name: 'Transfer' }).click();
  await chip(page, 'with you').waitFor({ state: 'detached' });
  await undo(page);
  await chip(page, 'with you').waitFor();
}

async function changed(page, found) {
  const now = async () => (await call(page, 'GET', `/v1/cases/${found.id}`)).case.priority;
  const before = await now();
  const [first, second] = ['critical', 'low', 'high'].filter((one) => one !== before);
  const set = async (priority) => {
    await choose(page, 'priority');
    await page
      .locator('dialog .pick-row')
      .nth(['critical', 'high', 'normal', 'low'].indexOf(priority))
      .click();
    await until('the priority is set', async () => (await now()) === priority);
  };
  await set(first);
  await undo(page);
  await until('the priority is as before', async () => (await now()) === before);
  await set(first);
  await call(page, 'PATCH', `/v1/cases/${found.id}`, { priority: second });
  await page.waitForTimeout(400);
  await undo(page);
  await toast(page, 'It could not be undone').waitFor();
  assert.equal(await now(), second, 'what a colleague chose stays');
}

export async function undoing(page, base, faults) {
  const { speed, paused } = await call(page, 'GET', '/v1/demo');
  await call(page, 'PUT', '/v1/demo', { paused: true, speed }); // colleagues would take it first
  await call(page, 'PUT', '/v1/presence', { status: 'break' }); // free hands would be filled by offers
  await page.waitForTimeout(2_000); // what they had begun is done
  await steps(page, base, faults);
  await call(page, 'PUT', '/v1/presence', { status: 'online' });
  await call(page, 'PUT', '/v1/demo', { paused, speed });
}

/** Gives the work back at the end, as it was found. */
async function steps(page, base, faults) {
  const found = await step('find work that waits, with free hands', faults, async () => {
    await freeHands(page);
    return waiting(page);
  });
  if (!found) return;
  await step('undo taking work', faults, () => taken(page, base, found));
  await step('undo a transfer', faults, () => handedOn(page));
  await step('undo a change, unless somebody was faster', faults, () => changed(page, found));
  const { work_items: work } = await call(page, 'GET', `/v1/cases/${found.id}`);
  const mine = work.find((one) => one.state === 'in_work');
  if (mine) await call(page, 'POST', `/v1/work_items/${mine.id}/return`);
}
