// Setting a company up by clicks: department, queue, skill, colleague, mailbox with a test, widget.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { mailbox } from './visitor.mjs';
import { call } from './steps.mjs';

const row = (page, text) => page.locator('.table tr', { hasText: text });

async function visit(page, name) {
  await page.goto(`${new URL(page.url()).origin}/#/admin/${name}`);
  await page.locator('.admin-head h1').waitFor();
}

/** Opens a form by its button, fills it, saves it with Enter in its first field. */
async function make(page, button, fill) {
  await page.locator('.admin-head').getByRole('button', { name: button }).click();
  const dialog = page.getByRole('dialog', { name: button });
  await fill(dialog);
  assert.deepEqual(await axe(page, 'dialog[open]'), [], `axe on: ${button}`);
  await dialog.getByRole('textbox').first().press('Enter');
  await dialog.waitFor({ state: 'detached' });
}

export async function department(page, name) {
  await visit(page, 'departments');
  await make(page, 'New department', async (dialog) => {
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Who may read').selectOption('sealed');
  });
  await row(page, name).getByText('members only').waitFor();
}

export async function queue(page, name, department) {
  await visit(page, 'queues');
  await make(page, 'New queue', async (dialog) => {
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByLabel('Department').selectOption(department);
    await dialog.getByLabel('Chat').uncheck();
    await dialog.getByRole('tab', { name: 'How it ends' }).click();
    await dialog.getByLabel('Reasons for declining').fill('not my field, too busy');
  });
  await row(page, name).getByText(department).waitFor();
  await row(page, name)
    .getByRole('button', { name: `Who serves ${name}` })
    .click();
  const dialog = page.getByRole('dialog', { name: `Who serves ${name}` });
  await dialog.getByLabel('Admin').selectOption({ label: 'rank 1' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
}

export async function skill(page, key, name) {
  await visit(page, 'skills');
  await make(page, 'New skill', async (dialog) => {
    await dialog.getByLabel('Key').fill(key);
    await dialog.getByLabel('Name: English').fill(name);
    await dialog.getByLabel('Name: Čeština').fill(`${name} česky`);
  });
  await row(page, name).getByText('topic').waitFor();
}

/** What a colleague knows; his name stands in the list since the invitation. */
export async function knows(page, person, name) {
  await visit(page, 'people');
  await row(page, person.email).getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Skills and capacity' }).click();
  const dialog = page.getByRole('dialog', { name: `Skills of ${person.name}` });
  await dialog.getByLabel(name).selectOption({ label: 'level 4' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const { items } = await call(page, 'GET', '/v1/agents');
  const found = items.find((one) => one.name === person.name || one.email === person.email);
  assert.ok(
    found?.skills.some((one) => one.level === 4),
    'the level is kept',
  );
}

/** The same name twice is refused in words inside the dialog, which stays open. */
export async function refused(page, email) {
  await visit(page, 'people');
  await page.locator('.admin-head').getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite', exact: true });
  await dialog.getByLabel('Name').fill('Somebody else');
  await dialog.getByLabel('E-mail').fill(email);
  await page.keyboard.press('Enter');
  await dialog.getByText('Somebody with this e-mail is here already.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function test(page, name, to) {
  await row(page, name).getByRole('button').click();
  await page.getByRole('menuitem', { name: 'Send a test' }).click();
  const dialog = page.getByRole('dialog', { name: `Test: ${name}` });
  await dialog.getByLabel('To').fill(to);
  await dialog.getByRole('button', { name: 'Send a test' }).click();
  return dialog;
}

/** A mailbox nobody answers for: the test says at which step, and why; put right, it works. */
export async function box(page, name, department, letters) {
  await visit(page, 'channels');
  await page.locator('.admin-head').getByRole('button', { name: 'Add a channel' }).click();
  await page.getByRole('menuitem', { name: 'E-mail' }).click();
  const dialog = page.getByRole('dialog', { name: 'E-mail' });
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Address', { exact: true }).fill('second@lumen.example');
  await dialog.getByLabel('Department').selectOption(department);
  await dialog.getByLabel('Outgoing server (SMTP)').fill('127.0.0.1');
  await dialog.getByLabel('SMTP port').fill('9');
  await dialog.getByLabel('SMTP encryption').selectOption('none');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  const broken = await test(page, name, 'you@customer.example');
  await broken.locator('.step-bad').first().waitFor({ timeout: 40_000 });
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on a failed test');
  await page.keyboard.press('Escape');
  const working = await test(page, 'Lumen Energy', 'you@customer.example');
  await working.locator('.step-good').first().waitFor({ timeout: 40_000 });
  assert.equal(await working.locator('.step-bad').count(), 0, 'every step worked');
  await page.keyboard.press('Escape');
  const [newest] = await mailbox(letters);
  assert.match(newest, /test/i);
}

/** A chat of our own, whose answers go on by the mailbox chosen; its line for the website. */
export async function widget(page, name) {
  await visit(page, 'channels');
  await page.locator('.admin-head').getByRole('button', { name: 'Add a channel' }).click();
  await page.getByRole('menuitem').last().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(name);
  await dialog.getByLabel('Answers by e-mail leave from').selectOption({ index: 1 });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
  await row(page, name).waitFor();
  await visit(page, 'widget');
  await page.getByLabel('Widget', { exact: true }).selectOption({ label: name });
  const line = page.getByLabel('One line').getByRole('textbox');
  await line.waitFor();
  const { items } = await call(page, 'GET', '/v1/channel_accounts');
  const made = items.find((one) => one.name === name);
  assert.ok(made.mail_account, 'the mailbox is kept');
  assert.ok((await line.inputValue()).includes(`data-key="${made.address}"`));
}
