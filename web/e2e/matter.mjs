// The case panel: tags, follow, link, forward, snooze and return, a note that names, help and whisper.
import assert from 'node:assert/strict';
import { axe, open as openPage } from './browser.mjs';
import { call, choose, idOf, step, until } from './steps.mjs';

/** Every dialog is judged in the full run, two of them in every build. */
const judged = async (page, part) => (process.env.FULL === '1' ? axe(page, part) : []);
const dialog = (page, name) => page.getByRole('dialog', { name });
/** Presses a key of the Case and waits for the dialog it opens to take the next ones. */
async function press(page, key, name) {
  await page.locator('.stream').focus();
  await page.keyboard.press(key);
  const open = dialog(page, name);
  await open.locator(':focus').waitFor();
  return open;
}
const now = async (page) => (await call(page, 'GET', `/v1/cases/${idOf(page)}`)).case;
const undo = (page) => page.locator('.toast').getByRole('button', { name: 'Undo' }).last().click();

/** By its key; what the snackbar offers takes it back. */
async function tags(page) {
  const tag = `moving house ${Date.now().toString(36)}`;
  const open = await press(page, 'l', 'Tags');
  await page.keyboard.type(tag);
  await page.keyboard.press('Enter');
  assert.deepEqual(await axe(page, 'dialog'), [], 'axe on tags');
  await page.keyboard.press('Enter');
  await open.waitFor({ state: 'detached' });
  const shown = page.locator('.case-facts .tag', { hasText: tag });
  await shown.waitFor();
  assert.ok((await now(page)).tags.includes(tag));
  await undo(page);
  await shown.waitFor({ state: 'detached' });
}

async function follow(page) {
  const chip = page.locator('.case-facts .chip', { hasText: 'Following' });
  await choose(page, 'follow');
  await chip.waitFor();
  await choose(page, 'follow');
  await chip.waitFor({ state: 'detached' });
}

/** Found by its number; both Cases say so; untied again. */
async function link(page) {
  const { items } = await call(page, 'GET', '/v1/cases?tab=all&limit=20');
  const other = items.find((one) => one.id !== idOf(page));
  await choose(page, 'link');
  const open = dialog(page, 'Link cases');
  await open.getByRole('combobox').selectOption('follows');
  await open.getByRole('textbox').fill(other.reference);
  await open.locator('.pick-row', { hasText: other.reference }).click();
  const tied = open.locator('.link-list li', { hasText: other.reference }).first();
  const remove = tied.getByRole('button', { name: /^Remove/ });
  await remove.waitFor();
  assert.deepEqual(await judged(page, 'dialog'), [], 'axe on links');
  const back = (await call(page, 'GET', `/v1/cases/${other.id}`)).case.links;
  assert.ok(back.some((one) => one.case_id === idOf(page) && one.back));
  await remove.click();
  await remove.waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
}

/** A letter of its own that can be taken back; here it stands as a note. */
async function forward(page) {
  const open = await press(page, 'f', 'Forward by e-mail');
  await open.getByRole('textbox', { name: 'To' }).fill('meters@partner.example');
  await open.getByRole('textbox', { name: 'Your words above it' }).fill('Could you look into it?');
  assert.deepEqual(await judged(page, 'dialog'), [], 'axe on forwarding');
  await open.getByRole('button', { name: 'Forward', exact: true }).click();
  const line = page.locator('.note-line', { hasText: 'Forwarded to meters@partner.example' });
  await line.waitFor();
  await undo(page);
  await line.locator('.ticks', { hasText: 'Taken back' }).waitFor();
}

/** In words; it is said until when; called back, it is one's own work again. */
async function snooze(page) {
  const open = await press(page, 'h', 'Snooze');
  await page.keyboard.type('in 2 hours');
  await until('what was meant', async () => {
    const meant = await open.locator('.when-choice').allInnerTexts();
    return meant.length === 1 && /in 2 hr/.test(meant[0]);
  });
  assert.deepEqual(await judged(page, 'dialog'), [], 'axe on snoozing');
  await page.keyboard.press('Enter');
  const banner = page.locator('.case-head .banner', { hasText: 'Snoozed until' });
  await banner.waitFor();
  const { snooze: until_ } = await now(page);
  const hours = (Date.parse(until_.until) - Date.now()) / 3_600_000;
  assert.ok(hours > 1.9 && hours < 2.1, `${hours} hours`);
  await banner.getByRole('button', { name: 'Wake up now' }).click();
  await banner.waitFor({ state: 'detached' });
  await page.locator('.case-facts .chip', { hasText: 'with you' }).waitFor();
}

async function note(page) {
  await page.locator('.stream').focus();
  await page.keyboard.press('n');
  const box = page.locator('.composer-note textarea.composer-text');
  await box.pressSequentially('Please look, @');
  const list = page.locator('.suggest[role="listbox"]');
  await list.waitFor();
  const name = await list.locator('.suggest-label').first().innerText();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+Enter');
  const line = page.locator('.note-line:not(.pending)', { hasText: `Please look, @${name}` });
  await line.locator('mark.mention', { hasText: name }).waitFor();
}

/** The flag is seen in the Case and in the list; a whisper is for one pair of ears. */
async function help(page) {
  const open = await press(page, 'v', 'Ask the supervisor for help');
  await page.keyboard.type('May I waive the fee?');
  assert.deepEqual(await judged(page, 'dialog'), [], 'axe on asking for help');
  await page.keyboard.press('Enter');
  await open.waitFor({ state: 'detached' });
  const banner = page.locator('.case-head .banner', { hasText: 'May I waive the fee?' });
  await banner.waitFor();
  await choose(page, 'whisper');
  const whisper = dialog(page, 'Whisper');
  await whisper.getByRole('textbox').fill('You may, once.');
  await whisper.getByRole('button', { name: 'Whisper', exact: true }).click();
  await page.locator('.note-whisper', { hasText: 'You may, once.' }).waitFor();
  await banner.getByRole('button', { name: 'Lower the flag' }).click();
  await banner.waitFor({ state: 'detached' });
}

/** An answer begun here and left stays marked in the list. */
async function draft(page) {
  const id = idOf(page);
  const row = page.locator(`#row-${id}`);
  await page.locator('.composer').getByRole('tab', { name: 'Reply' }).click();
  const box = page.locator('textarea.composer-text:not(:disabled)');
  await box.fill('Half an answer');
  await until('the draft on the server', async () =>
    (await call(page, 'GET', `/v1/cases/${id}`)).drafts.find(
      (one) => one.text === 'Half an answer',
    ),
  );
  await page.locator('.case-rows').focus();
  await page.keyboard.press('ArrowDown');
  await row.locator('.case-row-draft', { hasText: 'Your draft' }).waitFor();
  await row.click();
  await box.fill('');
  await until('no draft on the server', async () => {
    const { drafts } = await call(page, 'GET', `/v1/cases/${id}`);
    return !drafts.some((one) => one.mode === 'reply');
  });
}

/** By a link in the answer the customer of a mail comes to a chat in the same Case. */
async function elsewhere(browser, page) {
  const { origin } = new URL(page.url());
  const open = await press(page, 'c', 'Continue elsewhere');
  await page.keyboard.press('Enter');
  await open.getByRole('img', { name: 'The link as a QR code' }).waitFor();
  assert.deepEqual(await axe(page, 'dialog'), [], 'axe on going on elsewhere');
  const url = await open.locator('output').innerText();
  await open.getByRole('button', { name: 'Put it into the answer' }).click();
  const box = page.locator('textarea.composer-text:not(:disabled)');
  await until('the link in the answer', async () => (await box.inputValue()).includes(url));
  await box.fill('');
  const customer = await openPage(browser, origin, { width: 390, height: 760 });
  await customer.goto(url);
  await customer.getByText('Here you go on with your request').waitFor();
  const said = `Here I am ${Date.now()}`;
  await customer.getByRole('textbox').fill(said);
  await customer.getByRole('textbox').press('Enter');
  await page.locator('.bubble-in', { hasText: said }).waitFor();
  await page.locator('.system-line', { hasText: 'The customer went on here by a link' }).waitFor();
  const { faults } = customer;
  await customer.context().close();
  return faults;
}

/** Whoever gets the work next sees who gave it, why, and what is known. */
async function packet(page) {
  const id = idOf(page);
  const { work_items: all } = await call(page, 'GET', `/v1/cases/${id}`);
  const work = all.find((one) => one.state === 'in_work');
  const { queues } = await call(page, 'GET', '/v1/bootstrap');
  const queue = queues.find((one) => one.id !== work.queue_id);
  const note = 'He has read the meter twice.';
  const path = `/v1/work_items/${work.id}/transfer`;
  await call(page, 'POST', path, { queue_id: queue.id, note });
  const card = page.getByRole('region', { name: 'Handed over with this case' });
  await card.locator('dd', { hasText: note }).waitFor();
  assert.deepEqual(await axe(page, '.packet'), [], 'axe on the packet');
  await card.getByRole('button', { name: /^Handed over by/ }).click();
  await card.locator('dd').first().waitFor({ state: 'detached' });
}

/** Runs on a mail the person has in hand, as the composer's steps leave it. */
export async function matter(browser, page, faults) {
  await step('tag, and take it back', faults, () => tags(page));
  await step('follow and stop', faults, () => follow(page));
  await step('link two Cases', faults, () => link(page));
  await step('forward, and take it back', faults, () => forward(page));
  await step('snooze in words and return', faults, () => snooze(page));
  await step('a note that names a colleague', faults, () => note(page));
  await step('a draft left behind is marked in the list', faults, () => draft(page));
  await step('ask for help, whisper', faults, () => help(page));
  const more = await step('the customer goes on elsewhere', faults, () => elsewhere(browser, page));
  await step('a packet comes with a transfer', faults, () => packet(page));
  faults.push(...page.faults, ...(more ?? []));
  page.faults.length = 0;
}
