// The core tasks of an agent without a mouse: twelve of them, keys alone, from the door to the answer.
import assert from 'node:assert/strict';
import { open } from './browser.mjs';
import { figures } from './figures.mjs';
import { forbidMouse, Hands } from './hands.mjs';
import { ADAM, caseOf, colleague, EVA, KASIA, MARK, MAREK, prepare, TOM } from './stage.mjs';
import { arrive, rate } from './visitor.mjs';
import { call, step, until } from './steps.mjs';

/** The line to search in, some words, Enter. */
async function find(hands, words, kind = words) {
  await hands.press('/');
  await hands.see('.palette-input');
  await hands.type(words);
  await hands.see('.palette [role=option]:not(#choice-history)', kind);
  await hands.choose(kind instanceof RegExp ? kind : new RegExp(kind));
  await hands.press('Enter');
}

async function openCase(hands, subject) {
  await find(hands, subject);
  await hands.see('.case-head', subject);
  await hands.see('.composer-text:not(:disabled)');
}

/** The menu of the Case, an entry by the arrows. */
async function menu(hands, entry) {
  await hands.press('.');
  await hands.see('.case-actions [role=menu]');
  await hands.down(entry);
  await hands.press('Enter');
}

const dialog = 'dialog[open]';
const closed = (hands) => hands.see(dialog, undefined, { gone: true });

async function answerWithFile(hands) {
  await openCase(hands, TOM);
  await hands.press('r');
  await hands.type('Here is the copy.');
  await hands.tab('Attach files');
  await hands.chooseFile({
    name: `contract-${MARK}.pdf`,
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4\n%%EOF\n'),
  });
  await hands.see('.upload', `contract-${MARK}.pdf`);
  await hands.see('.upload progress', undefined, { gone: true });
  await hands.press('Control+Enter');
  await hands.see('.mail-out', 'Here is the copy.');
  await hands.see('.mail-out .file-card', `contract-${MARK}.pdf`);
}

async function replyLater(hands) {
  await openCase(hands, MAREK);
  await hands.press('r');
  await hands.type('Tomorrow, then.');
  await hands.tab('More ways to send');
  await hands.press('Enter');
  await hands.down('Send later');
  await hands.press('Enter');
  await hands.see(dialog, 'Send later');
  await hands.tab('When');
  await hands.type('tomorrow 8');
  await hands.tab(/^(?!Tomorrow).*8:00/, 'button');
  await hands.press('Space');
  await hands.tab(/^Send /, 'button');
  await hands.press('Enter');
  await closed(hands);
  await hands.see('.undo-bar', 'Tomorrow, then.');
}

async function runMacro(hands) {
  await openCase(hands, EVA);
  await hands.press('m');
  await hands.see(dialog, 'Run a macro');
  await hands.type(`by keys ${MARK}`);
  await hands.choose(`By keys ${MARK}`);
  await hands.press('Enter');
  await closed(hands);
  await hands.see('.note-line', `Written by the macro ${MARK}`);
}

async function snoozeAndReturn(hands) {
  await hands.press('h');
  await hands.see(dialog, 'Snooze');
  await hands.type('zítra 9');
  await hands.see('.when-choice', '9:00');
  await hands.press('Enter');
  await closed(hands);
  await hands.see('.case-head .banner', /Snoozed until/);
  await menu(hands, 'Wake up now');
  await hands.see('.case-head .banner', undefined, { gone: true });
}

/** To a colleague, with a word about why; she takes it. */
async function transfer(hands, theirs, colleague) {
  await openCase(hands, KASIA);
  await hands.press('Shift+A');
  await hands.see('.case-facts .chip', 'with you');
  await goOnline(theirs);
  await hands.press('t');
  await hands.see(dialog, 'Transfer');
  await hands.tab(/queue/i, 'tab');
  await hands.press('ArrowRight');
  await hands.tab('Agent', 'select');
  await hands.type(colleague);
  await hands.tab('Note for whoever', 'textarea');
  await hands.type('She wrote before, you know her.');
  await hands.tab('Transfer', 'button');
  await hands.press('Enter');
  await closed(hands);
  await hands.see('.note-line', 'She wrote before, you know her.');
  await theirs.see('.offer-card', KASIA);
  await theirs.press('Control+Shift+A');
  await theirs.see('.case-facts .chip', 'with you');
}

/** Half a name without its marks leads to the page of the customer. */
async function findCustomer(hands) {
  await find(hands, 'maresov', /^Eva Marešová$/);
  await hands.at(/#\/customer\//);
  await hands.see('.customer-card h2', 'Eva Marešová');
}

async function mergeAndUndo(hands, page) {
  const [from, into] = [await caseOf(page, ADAM), await caseOf(page, EVA)];
  await openCase(hands, ADAM);
  await menu(hands, 'Merge into');
  await hands.see(dialog, 'Merge into another case');
  await hands.tab('Find the other case');
  await hands.write(into.reference);
  await hands.see(`${dialog} .choice`, into.reference);
  await hands.tab(new RegExp(into.reference), 'input');
  await hands.press('Space');
  await hands.tab('Merge', 'button');
  await hands.press('Enter');
  await hands.at(new RegExp(into.id));
  const merged = async () => (await call(page, 'GET', `/v1/cases/${from.id}`)).case.merged_into;
  assert.equal(await merged(), into.id);
  await hands.press('u');
  await until('the merge is taken back', async () => !(await merged()));
}

/** Three are taken, chosen in the list, tagged by one job, and the job is undone by its key. */
async function tagThree(hands, page) {
  for (const subject of [TOM, MAREK, EVA]) {
    await openCase(hands, subject);
    await hands.press('Shift+A');
    await hands.see('.case-facts .chip', 'with you');
  }
  const tag = `keys-${MARK}`;
  const tagged = async () => {
    const { items } = await call(page, 'GET', '/v1/cases?tab=mine&limit=100');
    return items.filter((one) => one.tags.includes(tag)).length;
  };
  await hands.press('g', 'i');
  await hands.at(/#\/inbox\/mine$/);
  await hands.see('.case-row');
  await hands.see('.case-row[aria-posinset="3"]'); // rows wait while keys are pressed
  await hands.press('j');
  await hands.see('.case-row-current');
  for (const [key, chosen] of [
    ['x', /^1 /],
    ['Shift+J', /^2 /],
    ['Shift+J', /^3 /],
  ]) {
    await hands.press(key);
    await hands.see('.bulk-number', chosen);
  }
  await hands.press('l');
  await hands.see(`${dialog} label`, 'Take away');
  await hands.type(tag);
  await hands.press('Enter');
  await closed(hands);
  await until('three tags', async () => (await tagged()) === 3);
  await hands.see('.toast', '3 cases changed');
  await hands.press('u');
  await until('no tag any more', async () => (await tagged()) === 0);
  await hands.press('Escape');
  await hands.see('.bulk-bar', undefined, { gone: true });
}

/** A colleague asks for help; her supervisor hears of it and tells her something only she reads. */
async function help(hands, theirs, name) {
  await theirs.press('v');
  await theirs.see(dialog, 'Ask the supervisor for help');
  await theirs.type('May I write this debt off?');
  await theirs.press('Enter');
  await closed(theirs);
  await hands.see('.bar-button .bar-count');
  await hands.press('Escape');
  await hands.tab(/unread notification/);
  await hands.press('Enter');
  await hands.tab(new RegExp(`^${name} asks for help`));
  await hands.press('Enter');
  await hands.see('.case-head .banner', 'May I write this debt off?');
  await hands.see('.composer');
  await menu(hands, 'Whisper to the agent');
  await hands.see(dialog);
  const whom = await hands.tab('Whom', 'select');
  assert.equal(whom.chosen, name, 'whoever has the work is proposed');
  await hands.tab(/./, 'textarea');
  await hands.type('Yes, up to fifty.');
  await hands.tab('Whisper', 'button');
  await hands.press('Enter');
  await closed(hands);
  await theirs.see('.note-line', 'Yes, up to fifty.');
}

async function goOnline(hands) {
  await hands.press('Control+Shift+S');
  await hands.tab('Online');
  await hands.press('Enter');
  await hands.see('.presence-button', 'Online');
}

async function decline(hands) {
  await hands.see('.offer-card', undefined, { ms: 40_000 });
  assert.equal((await hands.focus()).role === 'article', false, 'the card took the focus');
  const title = await hands.see('.offer-card .offer-title');
  await hands.press('Control+Shift+D');
  assert.equal((await hands.focus()).name, 'Why not?', 'the reason is asked where the hands are');
  await hands.type('Not my topic');
  await hands.tab('Decline', 'button');
  await hands.press('Enter');
  await hands.see('.offer-decline', undefined, { gone: true });
  return title;
}

async function whyItWaits(hands, title) {
  await openCase(hands, title);
  await menu(hands, 'Why here, why you');
  await hands.see(dialog, 'Declined');
  await hands.see(`${dialog} .bullets li`);
  await hands.press('Escape');
  await closed(hands);
}

async function acceptChat(hands, visitor) {
  await hands.see('.offer-card', `Good day by keys ${MARK}`, { ms: 40_000 });
  await hands.press('Control+Shift+A');
  await hands.press('r'); // at once: what is typed ahead waits for the Case, wherever one stands
  await hands.type(`Good morning ${MARK}`);
  await hands.at(/#\/inbox\/mine\/.+/);
  await hands.holds(`Good morning ${MARK}`);
  await hands.press('Control+Enter');
  await hands.see('.bubble-out:not(.pending)', `Good morning ${MARK}`);
  await visitor.locator('polyphony-chat .line', { hasText: `Good morning ${MARK}` }).waitFor();
}

async function solve(hands) {
  await hands.press('Escape', 'e');
  await hands.see(dialog, 'Solve');
  await hands.tab('Solve', 'button');
  await hands.press('Enter');
  await closed(hands);
  await hands.see('.case-facts .chip', 'Solved');
}

/** Runs all of it in a window of its own; `page` only prepares and looks after it. */
export async function keyboard(browser, server, page, faults) {
  await call(page, 'POST', '/v1/presence/here'); // earlier steps let an offer pass: chats would stay away
  await call(page, 'PUT', '/v1/presence', { status: 'break' });
  const made = await step('keyboard: a queue, a macro, some mails', faults, () => prepare(page));
  if (!made) return;
  const theirs = await step('keyboard: sign in by a link', faults, () =>
    colleague(browser, server, page, made),
  );
  const state = await page.context().storageState();
  const mine = await open(browser, server.address, { storageState: state });
  await forbidMouse(mine.context());
  await mine.goto(`${server.address}/#/inbox/mine`);
  await mine.locator('.shell').waitFor();
  const hands = new Hands(mine);
  const task = async (name, work) => {
    const before = hands.keys;
    const told = await step(`keyboard: ${name}`, faults, work);
    console.log(`     ${hands.keys - before} keys`);
    await hands.press('Escape', 'Escape'); // whatever a task that failed has left open
    return told;
  };
  await task('tag three and undo', () => tagThree(hands, page));
  await task('answer a mail with a file', () => answerWithFile(hands));
  await task('schedule a reply', () => replyLater(hands));
  await task('run a macro', () => runMacro(hands));
  await task('snooze and return', () => snoozeAndReturn(hands));
  await task('transfer with a word', () => transfer(hands, theirs.hands, theirs.name));
  await task('find a customer by half a name', () => findCustomer(hands));
  await task('be asked and whisper help', () => help(hands, theirs.hands, theirs.name));
  await step('keyboard: she goes, the last mail comes', faults, async () => {
    await call(theirs.page, 'PUT', '/v1/presence', { status: 'break' });
    await made.last();
  });
  await task('merge and undo', () => mergeAndUndo(hands, page));
  await task('come online', () => goOnline(hands));
  const declined = await task('decline with a reason', () => decline(hands));
  await task('find out why work waits', () => whyItWaits(hands, declined));
  const visitor = await arrive(browser, server, `Good day by keys ${MARK}`);
  await task('accept and answer a chat', () => acceptChat(hands, visitor));
  await task('solve it', () => solve(hands));
  await step('the rating of the visitor stands in the Case', faults, () => rate(visitor, mine));
  await step('keyboard: no pointer was used', faults, async () => {
    await hands.untouched();
    await theirs.hands.untouched();
  });
  await call(page, 'PUT', '/v1/presence', { status: 'break' });
  for (const one of [visitor, mine]) await one.context().close();
  const { id } = await caseOf(page, EVA);
  await figures(browser, server, page, { id, theirs: theirs.page, name: theirs.name }, faults);
  await made.back();
  faults.push(...mine.faults, ...theirs.page.faults);
  await theirs.page.context().close();
  await call(page, 'PUT', '/v1/presence', { status: 'online' });
}
