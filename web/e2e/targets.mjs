// Promises: a ladder, a policy that climbs it, the example that shows who wins, days from a file, the Case.
import { strict as assert } from 'node:assert';
import { axe } from './browser.mjs';
import { call, step } from './steps.mjs';
import { arrive } from './visitor.mjs';

const visit = async (page, name) => {
  await page.goto(`${new URL(page.url()).origin}/#/admin/${name}`);
  await page.locator('h1:visible').first().waitFor();
};
const clean = async (page, where, what) =>
  assert.deepEqual(await axe(page, where), [], `axe: ${what}`);

const ICS = [
  'BEGIN:VCALENDAR',
  'X-WR-CALNAME:Company days',
  'BEGIN:VEVENT',
  'DTSTART;VALUE=DATE:20200702',
  'RRULE:FREQ=YEARLY',
  'SUMMARY:Founders’ day',
  'END:VEVENT',
  'BEGIN:VEVENT',
  'DTSTART:20300101T100000Z',
  'SUMMARY:Meeting',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n');

/** A ladder is written; a policy names it; by keys it goes up; the example shows winner and losers. */
async function promises(page) {
  await visit(page, 'escalation');
  await page.locator('.admin-head').getByRole('button', { name: 'New ladder' }).click();
  const ladder = page.getByRole('dialog', { name: 'New ladder' });
  await ladder.getByLabel('Name', { exact: true }).fill('Night ladder');
  await ladder.getByRole('button', { name: 'Add step' }).click();
  const second = ladder.locator('.rung').nth(1);
  await second.getByLabel('When').selectOption('after');
  await second.getByLabel('Minutes of working time').fill('15');
  await second.getByLabel('What to do').selectOption('move');
  assert.equal(await ladder.getByRole('button', { name: 'Save' }).isDisabled(), true);
  await second.getByLabel('Queue').selectOption({ index: 1 });
  await clean(page, 'dialog[open]', 'the dialog of a ladder');
  await ladder.getByRole('button', { name: 'Save' }).click();
  await page.getByText('15 minutes after the deadline').waitFor();
  await visit(page, 'targets');
  for (const [name, amount] of [
    ['Everybody', '4'],
    ['Very important', '1'],
  ]) {
    await page.locator('.admin-head').getByRole('button', { name: 'New policy' }).click();
    const dialog = page.getByRole('dialog', { name: 'New policy' });
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    if (amount === '1') {
      await dialog.getByLabel('Another condition').selectOption('tiers');
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog.getByLabel('VIP').check();
      await dialog.getByLabel('Escalation').selectOption({ label: 'Night ladder' });
    }
    await dialog.getByLabel('First answer', { exact: true }).fill(amount);
    await clean(page, 'dialog[open]', 'the dialog of a policy');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
  }
  const mine = page.locator('.rule').filter({ hasText: 'Very important' });
  await mine.focus();
  await page.keyboard.press('Alt+ArrowUp');
  await page.locator('.rule').first().filter({ hasText: 'Very important' }).waitFor();
  const bench = page.getByRole('region', { name: 'Which policy would win' });
  await bench.getByLabel('Segment').selectOption('vip');
  await bench.locator('.chip', { hasText: 'Very important' }).first().waitFor();
  await bench
    .getByText(/instead of .*Everybody/)
    .first()
    .waitFor();
  await clean(page, 'main', 'the page of targets');
}

/** Days of rest from a file are shown first, taken over, and one is struck off again. */
async function daysOfRest(page) {
  const frames = Object.fromEntries(['1', '2', '3'].map((day) => [day, [['09:00', '17:00']]]));
  const hours = await call(page, 'POST', '/v1/calendars', { name: 'Half a week', frames });
  await visit(page, 'hours');
  await page.getByRole('button', { name: 'Edit Half a week' }).click();
  const part = page.getByRole('region', { name: 'Days of rest from a file' });
  await part.locator('input[type=file]').setInputFiles({
    name: 'days.ics',
    mimeType: 'text/calendar',
    buffer: Buffer.from(ICS),
  });
  await part.getByText('1 event with a time of day').waitFor();
  await clean(page, 'main', 'days of a file');
  await part.getByRole('button', { name: /^Take over \d+ days$/ }).click();
  await part.getByText('Founders’ day').first().waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await part.getByText('Founders’ day').first().waitFor({ state: 'detached' });
  await call(page, 'DELETE', `/v1/calendars/${hours.id}`);
}

/** The Case shows its clocks with their policy; a person decides otherwise, and what was made is gone. */
async function promisedOf(page) {
  const { items } = await call(page, 'GET', '/v1/cases?tab=all&limit=50');
  const found = items.find((one) => one.state === 'open');
  await page.goto(`${new URL(page.url()).origin}/#/case/${found.id}`);
  await page.getByRole('button', { name: 'Details' }).first().click();
  const part = page.getByRole('region', { name: 'What is promised' });
  await part.getByText('Resolution').first().waitFor();
  await part.getByRole('button', { name: 'Set policy by hand…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Set policy by hand…' });
  await dialog.getByLabel('Policy').selectOption({ label: 'Everybody' });
  await dialog.getByLabel('Reason').fill('agreed by phone');
  await clean(page, 'dialog[open]', 'a policy set by hand');
  await dialog.getByRole('button', { name: 'Set', exact: true }).click();
  await part.getByText('agreed by phone').waitFor();
  await part.getByRole('button', { name: 'Legal deadline…' }).click();
  const law = page.getByRole('dialog', { name: 'Legal deadline…' });
  await law.getByLabel('Law').selectOption('pl_financial_complaint');
  await law.getByRole('button', { name: 'Set', exact: true }).click();
  await part.getByRole('button', { name: 'Extend the deadline' }).waitFor();
  for (const path of ['sla_policies', 'escalations'])
    for (const one of (await call(page, 'GET', `/v1/${path}`)).items)
      await call(page, 'DELETE', `/v1/${path}/${one.id}`, undefined, {
        'If-Match': `"${one.version}"`,
      });
}

/** A breach goes through two departments: leads are told, what waits moves on, the others are called. */
async function breach(browser, server, page) {
  const queues = (await call(page, 'GET', '/v1/queues')).items;
  const accounts = (await call(page, 'GET', '/v1/channel_accounts')).items;
  const door = accounts.find((one) => one.kind === 'chat');
  const second = queues.find((one) => one.department_id !== door.department_id);
  const made = async (path, body) => call(page, 'POST', `/v1/${path}`, body);
  const always = await made('calendars', { name: 'Round the clock', always: true });
  const ladder = await made('escalations', {
    name: 'Two departments',
    steps: [
      { at_pct: 100, action: 'notify', to: [{ who: 'lead' }] },
      { at_pct: 250, action: 'move', queue_id: second.id },
      {
        at_pct: 400,
        action: 'page',
        ack_required: true,
        to: [{ who: 'lead', id: second.department_id }],
      },
    ],
  });
  const policy = await made('sla_policies', {
    name: 'Two seconds',
    // named queues: those of the demo have targets of their own, which are closer than 'everything'
    scope: { channels: ['chat'], queues: queues.map((one) => one.id) },
    targets: { first_response_s: 2 },
    calendar_id: always.id,
    escalation_id: ladder.id,
  });
  const text = `Nobody answers me ${Date.now()}`;
  const visitor = await arrive(browser, server, text);
  await page.goto(`${new URL(page.url()).origin}/#/inbox/all?sort=newest`);
  await page.locator('.case-row', { hasText: text }).first().click({ timeout: 30_000 });
  await page.getByRole('button', { name: '2 earlier events' }).waitFor({ timeout: 60_000 });
  await page.getByText('Escalated by Two departments').waitFor();
  await page.locator('.case-facts .chip', { hasText: second.name }).waitFor();
  await page.getByRole('button', { name: 'Details' }).first().click();
  const part = page.getByRole('region', { name: 'What is promised' });
  await part.getByText('Two seconds').first().waitFor();
  await part.getByRole('button', { name: 'I have it' }).click();
  await part.getByText(/has it/).waitFor();
  await clean(page, 'main', 'a Case that was escalated');
  await visitor.context().close();
  for (const [path, id] of [
    ['sla_policies', policy.id],
    ['escalations', ladder.id],
  ])
    await call(page, 'DELETE', `/v1/${path}/${id}`);
}

/** Runs all of it on a signed-in page of a world that stands still. */
export async function targets(browser, server, page, faults) {
  await step('promise, escalate, see who wins', faults, () => promises(page));
  await step('days of rest from a file', faults, () => daysOfRest(page));
  await step('what is promised of a case', faults, () => promisedOf(page));
  await step('a breach goes through two departments', faults, () => breach(browser, server, page));
}
