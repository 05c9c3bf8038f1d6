// The customer in the round: found by half a name, his timeline narrowed, a note and a detail kept.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { call, step } from './steps.mjs';

/** The list by its keys; half a name without diacritics finds; the answer stands in the address. */
async function find(page) {
  const { items } = await call(page, 'GET', '/v1/customers?q=jiri&sort=name&limit=50');
  assert.ok(items.length > 0 && items.every((one) => one.name.includes('Jiří')));
  await page.locator('main').focus();
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.locator('.customers-row').first().waitFor();
  await page.getByRole('searchbox', { name: 'Name or address' }).fill('jiri');
  await page.waitForURL(/q=jiri/);
  await page.getByRole('combobox', { name: 'Order' }).selectOption('name');
  await page.locator('.customers-row strong', { hasText: items[0].name }).first().waitFor();
  assert.deepEqual(await axe(page), [], 'axe on the list of customers');
  await page.getByRole('listbox', { name: 'Customers' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/customer\//);
  await page.locator('.customer-card h2', { hasText: 'Jiří' }).waitFor();
}

async function narrow(page) {
  await page.locator('.timeline-row').first().waitFor();
  const channel = page.getByRole('combobox', { name: 'Channel' });
  await channel.selectOption('chat');
  const none = page.locator('.customer-timeline .empty-title', { hasText: 'Nothing found' });
  const chats = page.locator('.timeline-row .channel-mark[title="Chat"]').first();
  await none.or(chats).first().waitFor();
  assert.equal(await page.locator('.timeline-row .channel-mark[title="E-mail"]').count(), 0);
  await page.getByRole('searchbox', { name: 'Search what was said' }).fill('no such words at all');
  await none.waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.locator('.timeline-row').first().waitFor();
  assert.deepEqual(await axe(page), [], 'axe on the page of a customer');
}

/** Takes back what the snackbar tells of. */
const undo = (page, told) =>
  page.locator('.toast', { hasText: told }).last().getByRole('button', { name: 'Undo' }).click();

async function note(page) {
  const text = `Speaks slowly ${Date.now()}`;
  await page.getByRole('tab', { name: 'Notes' }).click();
  await page.getByRole('textbox', { name: 'New note about the customer' }).fill(text);
  await page.keyboard.press('Control+Enter');
  const kept = page.locator('.customer-note', { hasText: text });
  await kept.waitFor();
  await kept.getByRole('button', { name: 'Edit note' }).click();
  await page.getByRole('textbox', { name: 'Edit note' }).fill(`${text}, call after ten`);
  await page.keyboard.press('Control+Enter');
  await page.locator('.customer-note', { hasText: 'call after ten' }).waitFor();
  assert.deepEqual(await axe(page, '.customer-columns'), [], 'axe on notes');
  await page.getByRole('button', { name: 'Remove note' }).click();
  await page.locator('.customer-note', { hasText: text }).waitFor({ state: 'detached' });
  await undo(page, 'Note removed');
  await page.locator('.customer-note', { hasText: 'call after ten' }).waitFor();
}

async function detail(page) {
  const name = `Meter ${Date.now()}`;
  await page.getByRole('button', { name: /^(Add a detail|Edit details)$/ }).click();
  const dialog = page.getByRole('dialog', { name: 'Edit details' });
  await dialog.getByRole('button', { name: 'Add a detail' }).click();
  await dialog.getByLabel('Name').last().fill(name);
  await dialog.getByLabel('Value').last().fill('7712');
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on the details');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.locator('.facts dt', { hasText: name }).waitFor();
  await undo(page, 'Customer changed');
  await page.locator('.facts dt', { hasText: name }).waitFor({ state: 'detached' });
}

/** He is joined with somebody of his name after a look ahead, and parted again: all is as it was. */
async function join(page) {
  const here = page.url();
  const path = `/v1/customers/${/customer\/([\w-]+)/.exec(here)[1]}`;
  const told = async () => {
    const { customer, identities, summary } = await call(page, 'GET', path);
    return { ...customer, version: 0, identities, summary };
  };
  const before = await told();
  await page.getByRole('button', { name: 'More about this customer' }).click();
  await page.getByRole('menuitem', { name: 'Join with another…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Join with another customer' });
  await dialog.getByRole('searchbox').fill('jiri');
  await dialog.locator('.match-choice').first().click();
  await dialog.getByRole('heading', { name: 'In one timeline from then on' }).waitFor();
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on joining');
  await dialog.getByLabel('Reason').fill('He said so');
  await page.keyboard.press('Control+Enter');
  await page.locator('.toast', { hasText: 'Customers joined' }).waitFor();
  const joined = await told();
  assert.ok(joined.identities.length > before.identities.length, 'both his addresses');
  await page.getByRole('button', { name: 'More about this customer' }).click();
  await page.getByRole('menuitem', { name: 'Where this comes from' }).click();
  await page.locator('.match-decision', { hasText: 'He said so' }).waitFor();
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on where it comes from');
  await page.keyboard.press('Escape');
  const parted = page.waitForResponse(/\/revoke$/);
  await undo(page, 'Customers joined');
  await parted;
  assert.deepEqual(await told(), before, 'as it was');
  await page.goto(here);
  await page.locator('.customer-card h2', { hasText: 'Jiří' }).waitFor();
}

/** From the timeline into the matter, where the panel shows the same person. */
async function back(page) {
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await page.locator('.timeline-row').first().click();
  await page.waitForURL(/#\/case\//);
  await page.locator('.customer-panel .customer-head h2', { hasText: 'Jiří' }).waitFor();
  await page.locator('.customer-panel').getByRole('tab', { name: 'Cases' }).click();
  await page.locator('.customer-panel .case-link[aria-current="true"]').waitFor();
}

/** Runs all of it; the page ends where it was. */
export async function customers(page, faults) {
  const here = page.url();
  await step('find a customer by half a name', faults, () => find(page));
  await step('narrow his timeline', faults, () => narrow(page));
  await step('note something about him', faults, () => note(page));
  await step('keep a detail of him', faults, () => detail(page));
  await step('join him with another and part them', faults, () => join(page));
  await step('open a line of his timeline', faults, () => back(page));
  faults.push(...page.faults);
  page.faults.length = 0;
  await page.goto(here);
}
