// A loan walks its steps: set up as a list, begun in a Case, checked, surveyed and scored at once, waived, paid.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { call, choose, step, until } from './steps.mjs';

const LOAN = 'Loan for solar panels';
const home = (page) => new URL(page.url()).origin;

async function visit(page, name) {
  await page.goto(`${home(page)}/#/admin/${name}`);
  await page.locator('.admin-head h1').waitFor();
}

/** The process is a list: a step is moved by keys, publishing says what changes, and is left. */
async function design(page) {
  await visit(page, 'kinds');
  assert.deepEqual(await axe(page), [], 'axe on kinds');
  await page.getByRole('button', { name: LOAN, exact: true }).click();
  const rows = page.locator('.rule-list > li');
  await rows.first().getByText('Check the application').waitFor();
  assert.deepEqual(await axe(page), [], 'axe on a process');
  await rows.nth(4).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await rows.nth(3).getByText('Pay out').waitFor();
  await page.getByRole('button', { name: 'Publish…' }).click();
  const ask = page.getByRole('dialog', { name: 'Publish these steps?' });
  await ask.getByText('The order of the steps changes.').waitFor();
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on publishing');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Discard' }).click();
  await rows.nth(3).getByText('Approve the loan').waitFor();
  await rows.nth(0).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Edit step' }).waitFor();
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on a step');
  await page.keyboard.press('Escape');
}

/** Event rules stand there, tell what they would have done, and are good to use without eyes. */
async function rules(page) {
  await visit(page, 'events');
  await page.locator('.rule-list > li').first().waitFor();
  assert.deepEqual(await axe(page), [], 'axe on event rules');
  await page.getByRole('button', { name: 'Run over 7 days' }).click();
  await page.getByText(/events? (was|were) looked at/).waitFor();
  await page.locator('.rule-list > li').first().focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Edit event rule' }).waitFor();
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on an event rule');
  await page.keyboard.press('Escape');
}

async function aCase(page) {
  const { items } = await call(page, 'GET', '/v1/cases?tab=all&limit=50');
  return items.find((one) => one.state === 'open' && !one.steps).id;
}

const live = (page, title) => page.locator('.step', { hasText: title });

/** Ticks and answers everything in the card of a step, then finishes it. */
async function done(page, title) {
  const card = live(page, title);
  await card.locator('.step-card').waitFor();
  for (const box of await card.getByRole('checkbox').all()) await box.check();
  const amount = card.getByLabel('Amount *');
  if (await amount.count()) {
    await amount.fill('4 200');
    await card.getByLabel('Purpose *').selectOption('Panels');
  }
  await card.getByRole('button', { name: 'Finish step' }).click();
  await page.locator('.step-done', { hasText: title }).waitFor();
}

/** One Case through care and technicians to its end; two steps at once, one let go by the lead. */
async function walk(page) {
  const id = await aCase(page);
  await page.goto(`${home(page)}/#/case/${id}`);
  await page.locator('.composer').waitFor();
  await choose(page, 'kind');
  const ask = page.getByRole('dialog', { name: 'Kind of case' });
  await ask.getByLabel('Kind').selectOption({ label: LOAN });
  await ask.getByRole('button', { name: 'Set kind' }).click();
  await page.locator('.steps-head').waitFor();
  await page.locator('.steps-head').focus();
  await page.keyboard.press('s');
  await live(page, 'Check the application').waitFor();
  assert.deepEqual(await axe(page, '.case-panel'), [], 'axe on the steps of a Case');
  const before = await call(page, 'GET', `/v1/cases/${id}`);
  const { done: made, total, now } = before.case.steps;
  assert.deepEqual([made, total, now], [0, 6, 'Check the application']);
  await assert.rejects(
    call(page, 'POST', `/v1/cases/${id}/moves`, { move: 'solve' }),
    /steps-open|steps_open|409/,
  );
  await done(page, 'Check the application');
  await live(page, 'Score the customer').locator('.step-card').waitFor();
  await done(page, 'Survey the roof');
  await done(page, 'Score the customer');
  const agree = live(page, 'Approve the loan');
  await agree.getByRole('button', { name: 'Approve', exact: true }).click();
  await page.getByText('Somebody else has to approve this').waitFor(); // who scored may not agree
  await agree.getByRole('button', { name: 'More about “Approve the loan”' }).click();
  await page.getByRole('menuitem', { name: 'Waive step' }).click();
  const why = page.getByRole('dialog', { name: 'Waive “Approve the loan”?' });
  await why.getByLabel('Why').fill('Alone in the demo');
  await page.keyboard.press('Enter');
  await why.waitFor({ state: 'detached' });
  await done(page, 'Pay out');
  await until('the last step solves the Case', async () => {
    const { case: now } = await call(page, 'GET', `/v1/cases/${id}`);
    return now.state === 'solved' && now.steps.done === 6;
  });
  const whole = await call(page, 'GET', `/v1/cases/${id}`);
  const { items } = await call(page, 'GET', '/v1/queues');
  const places = new Set(
    whole.work_items
      .filter((one) => one.step)
      .map((one) => items.find((queue) => queue.id === one.queue_id).department_id),
  );
  assert.equal(places.size, 2, 'its steps went through two departments');
}

export async function loan(page, faults) {
  await step('a process is a list, moved by keys and published knowingly', faults, () =>
    design(page),
  );
  await step('event rules say what they would have done', faults, () => rules(page));
  await step('a loan walks its steps through two departments', faults, () => walk(page));
}
