// The composer in the browser: lists by typed signs, quotes, macros, ways to send, drafts, rich text.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { anyway, call, idOf, step, until } from './steps.mjs';

const box = (page) => page.locator('textarea.composer-text:not(:disabled)');
const list = (page) => page.locator('.suggest[role="listbox"]');

async function stock(page) {
  const mark = Date.now().toString(36);
  const snippet = await call(page, 'POST', '/v1/snippets', {
    shortcut: `vraceni${mark}`,
    name: 'Vrácení peněz',
    bodies: { en: 'Dear {{customer.first_name}}, the money is on its way.', cs: 'Peníze jdou.' },
  });
  const macro = await call(page, 'POST', '/v1/macros', {
    name: `Late delivery ${mark}`,
    steps: [
      { do: 'tag', add: [`late-${mark}`] },
      { do: 'note', text: `Macro note ${mark}` },
    ],
  });
  return { mark, snippet, macro };
}

/** A snippet is found without its accents and chosen by keys alone. */
async function bySlash(page, made) {
  await box(page).fill('');
  await box(page).pressSequentially('/vrac');
  await list(page).waitFor();
  const active = await box(page).getAttribute('aria-activedescendant');
  assert.ok(active, 'the chosen entry is named');
  assert.equal(await page.locator(`[id="${active}"]`).getAttribute('aria-selected'), 'true');
  assert.deepEqual(await axe(page, '.composer'), [], 'axe on the open list');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() =>
    /money is on its way|Peníze jdou/.test(
      document.querySelector('textarea.composer-text')?.value ?? '',
    ),
  );
  assert.ok(made.snippet.id);
}

/** Emoji by its Czech name; Escape leaves the list and the text; a variable shows its value. */
async function byColonAndBraces(page) {
  await box(page).fill('');
  await box(page).pressSequentially('Ano :smich');
  await list(page).waitFor();
  await page.keyboard.press('Enter');
  assert.match(await box(page).inputValue(), /^Ano \p{Extended_Pictographic}/u);
  await box(page).pressSequentially(' {{');
  await list(page).waitFor();
  await page.keyboard.press('Escape');
  await list(page).waitFor({ state: 'detached' });
  await box(page).fill('Yours, {{customer.shoe_size}}');
  await page.locator('.filled-bad').waitFor();
  const send = page.getByRole('button', { name: 'Send', exact: true });
  assert.ok(await send.isDisabled(), 'an unknown variable stops the answer');
  await box(page).fill('No. {{case.reference}}');
  await page.locator('.filled-one', { hasText: 'case.reference' }).waitFor();
  assert.ok(!(await send.isDisabled()));
}

/** F2 goes to the note, each mode keeps its own words; a colleague is named. */
async function modes(page) {
  await box(page).fill('for the customer');
  await page.keyboard.press('F2');
  await page.locator('.composer-note').waitFor();
  assert.equal(await box(page).inputValue(), '');
  await box(page).pressSequentially('ask @');
  await list(page).waitFor();
  const name = await list(page).locator('.suggest-label').first().innerText();
  await page.keyboard.press('Enter');
  assert.equal((await box(page).inputValue()).trim(), `ask @${name}`);
  await box(page).fill('');
  await page.keyboard.press('F2');
  await page.locator('.composer:not(.composer-note)').waitFor();
  assert.equal(await box(page).inputValue(), 'for the customer');
}

async function runMacro(page, made) {
  await box(page).blur();
  await page.locator('.composer').getByRole('button', { name: 'More for writing' }).click();
  await page.getByRole('menuitem', { name: 'Run a macro' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run a macro' });
  await dialog.getByRole('combobox').fill(`late delivery ${made.mark}`);
  await dialog.locator('.macro-steps li').nth(1).waitFor();
  assert.deepEqual(await axe(page, 'dialog'), [], 'axe on the macro picker');
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await page.locator('.note-line', { hasText: `Macro note ${made.mark}` }).waitFor();
  const found = await call(page, 'GET', `/v1/cases/${idOf(page)}`);
  assert.ok(found.case.tags.includes(`late-${made.mark}`));
  const told = page.locator('.toast', { hasText: 'Undo leaves its note in place' });
  await told.getByRole('button', { name: 'Undo' }).click();
  await until('the tag is taken back', async () => {
    const now = await call(page, 'GET', `/v1/cases/${idOf(page)}`);
    return !now.case.tags.includes(`late-${made.mark}`);
  });
  assert.equal(await page.locator('.note-line', { hasText: `Macro note ${made.mark}` }).count(), 1);
}

/** A promised file asks first; then it is scheduled, listed, taken back into the composer. */
async function later(page) {
  const text = `Please see the attached form ${Date.now()}`;
  await box(page).fill(text);
  await page.getByRole('button', { name: 'More ways to send' }).click();
  await page.getByRole('menuitem', { name: 'Send later' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send later' });
  await dialog.getByRole('button', { name: /^Tomorrow/ }).click();
  assert.deepEqual(await axe(page, 'dialog'), [], 'axe on the times');
  await dialog.getByRole('button', { name: /^Send / }).click();
  const asked = page.getByRole('dialog', { name: 'Send without an attachment?' });
  await asked.getByRole('button', { name: 'Send anyway' }).click();
  await anyway(page);
  const bar = page.locator('.undo-bar', { hasText: text.slice(0, 40) });
  await bar.waitFor();
  await bar.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Edit the text' }).click();
  await page.waitForFunction(
    (wanted) => document.querySelector('textarea.composer-text')?.value === wanted,
    text,
  );
  await bar.waitFor({ state: 'detached' });
  await box(page).fill('');
}

/** Send pressed twice while it is looked at sends once; what is typed meanwhile stays, also through Undo. */
async function twice(page) {
  await page.route('**/v1/language', async (route) => {
    await page.waitForTimeout(1_000);
    await route.continue();
  });
  const text = `Thank you for your patience, we are on it ${Date.now()}`;
  await box(page).fill(text);
  await page.keyboard.press('Control+Enter');
  await page.keyboard.press('Control+Enter');
  await page.keyboard.type('PS');
  await anyway(page);
  const undo = page.locator('.undo-bar').getByRole('button', { name: 'Undo' });
  await undo.waitFor();
  const left = await box(page).inputValue();
  const copies = await page.locator('.mail-out', { hasText: text }).count();
  await undo.click();
  assert.deepEqual([left, copies], ['PS', 1], 'what was typed stays, the answer left once');
  await page.waitForFunction(
    (wanted) => document.querySelector('textarea.composer-text')?.value === wanted,
    `${text}\n\nPS`,
  );
  await page.unroute('**/v1/language');
  await box(page).fill('');
}

/** A Message's words are set off as his in plain text, and as a block in the rich editor. */
async function quote(page) {
  await page.locator('.composer').getByRole('tab', { name: 'Reply' }).click();
  await box(page).fill('Dear customer,');
  const mail = page.locator('.mail-in').first();
  const words = (await mail.locator('.said').innerText()).trim().split('\n')[0];
  await mail.locator('.message-menu button').first().click();
  await page.getByRole('menuitem', { name: 'Quote in the answer' }).click();
  await page.waitForFunction(
    (said) => document.querySelector('textarea.composer-text').value.includes(`\n> ${said}`),
    words,
  );
  assert.match(await box(page).inputValue(), /^Dear customer,\n\n.+:\n> /);
  await page.keyboard.type('Yes.');
  assert.match(await box(page).inputValue(), /\n\nYes\.$/, 'the writer goes on below');
  await box(page).fill('');
}

/** Bold by key in the rich editor becomes safe HTML, with its words beside it, in the draft. */
async function rich(page) {
  await page.locator('.composer').getByRole('button', { name: 'More for writing' }).click();
  await page.getByRole('menuitemradio', { name: 'Rich text' }).click();
  const editor = page.locator('.rich-text');
  await editor.waitFor();
  await editor.click();
  await page.keyboard.press('Control+b');
  await page.keyboard.type('Important');
  await page.keyboard.press('Control+b');
  await page.keyboard.type(' news');
  assert.deepEqual(await axe(page, '.composer'), [], 'axe on the rich editor');
  const kept = await until('the draft on the server', async () => {
    const { drafts } = await call(page, 'GET', `/v1/cases/${idOf(page)}`);
    return drafts.find((one) => one.html?.includes('<strong>Important</strong> news'));
  });
  assert.equal(kept.text, 'Important news');
  const mail = page.locator('.mail-in').first();
  await mail.locator('.message-menu button').first().click();
  await page.getByRole('menuitem', { name: 'Quote in the answer' }).click();
  await editor.locator('blockquote').waitFor();
  await page.keyboard.type('So be it');
  await editor.locator('p', { hasText: /^So be it$/ }).waitFor();
  await page.locator('.composer').getByRole('button', { name: 'More for writing' }).click();
  await page.getByRole('menuitemradio', { name: 'Rich text' }).click();
  await box(page).waitFor();
  assert.match(await box(page).inputValue(), /^Important news\n[^]+\nSo be it$/);
  await box(page).fill('');
}

/** A mail in the person's hand, or one that becomes his; it stands open then. */
export async function mailInHand(page) {
  const { person } = await call(page, 'GET', '/v1/sign_ins/current');
  const me = person.id;
  const look = async () => {
    const path = '/v1/cases?tab=all&sort=newest&limit=200';
    const { items, work_items: work } = await call(page, 'GET', path);
    const mails = items.filter((one) => one.state === 'open' && one.channels.join() === 'email');
    const open = work.filter((item) => mails.some((one) => one.id === item.case_id));
    return (
      open.find((item) => item.agent_id === me && item.state === 'in_work') ??
      open.find((item) => item.state === 'waiting') ??
      open.find((item) => item.state === 'offered' || item.state === 'in_work')
    );
  };
  if (!(await look())) await call(page, 'POST', '/v1/demo/acts', { act: 'mail' });
  const work = await until('a mail to work on', look, 60_000);
  if (work.agent_id !== me)
    // as who leads: from whoever has it, and though his hands may be full by now
    await call(page, 'POST', `/v1/work_items/${work.id}/assign`, { agent_id: me, reason: '' });
  await page.goto(
    `${new URL(page.url()).origin}/#/inbox/all/${work.case_id}?state=any&sort=newest`,
  );
  await page.locator('.mail-in').first().waitFor();
}

/** Takes a mail, then writes in it by every way there is. */
export async function composing(page, faults) {
  const made = await step('stock snippets and macros, take a mail', faults, async () => {
    await mailInHand(page);
    return stock(page);
  });
  if (!made) return;
  await page.reload();
  await box(page).waitFor();
  await step('a snippet by slash, without accents, by keys', faults, () => bySlash(page, made));
  await step('emoji in Czech, variables', faults, () => byColonAndBraces(page));
  await step('each mode its own draft; name a colleague', faults, () => modes(page));
  await step('quote what the customer said', faults, () => quote(page));
  await step('run a macro', faults, () => runMacro(page, made));
  await step('schedule, be asked, take it back', faults, () => later(page));
  await step('send twice by the key, go on writing', faults, () => twice(page));
  await step('rich text in a draft', faults, () => rich(page));
}
