// A new colleague: invited by a link, sets a password, a second factor, loses it and comes back.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { axe, open } from './browser.mjs';

const STEP_MS = 30_000;
const DIGITS = 6;
const PASSWORD = 'a quiet long lantern';

/** The code an authenticator app shows (RFC 6238); `ahead` steps in the future. */
function codeOf(secret, ahead = 0) {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replaceAll(/[\s=]/g, '')]
    .map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + ahead));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[mac.length - 1] & 15;
  const number = (mac.readUInt32BE(at) & 0x7fffffff) % 10 ** DIGITS;
  return String(number).padStart(DIGITS, '0');
}

const wrong = (right) => (right === '000000' ? '000001' : '000000');

async function linkShown(page) {
  const dialog = page.getByRole('dialog', { name: 'One-time link' });
  const link = await dialog.getByRole('textbox').inputValue();
  assert.match(link, /#\/link\/.+/);
  assert.deepEqual(await axe(page, 'dialog[open]'), [], 'axe on the link dialog');
  await dialog.locator('.dialog-head button').click();
  return link;
}

/** The administrator invites somebody and hands the link over. */
export async function invite(page, person) {
  await page.goto(`${new URL(page.url()).origin}/#/admin/people`);
  await page.getByRole('button', { name: 'Invite', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Invite', exact: true });
  await dialog.getByLabel('Name').fill(person.name);
  await dialog.getByLabel('E-mail').fill(person.email);
  await page.keyboard.press('Enter');
  const link = await linkShown(page);
  await page.locator('.table tr', { hasText: person.email }).waitFor();
  return link;
}

async function enter(page, link) {
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.shell').waitFor({ timeout: 30_000 });
}

/** Sets a password and the second factor; a wrong first code does not switch it on. */
export async function enrol(browser, server, link) {
  const page = await open(browser, server.address);
  await enter(page, link);
  await page.goto(`${server.address}/#/profile`);
  await page.getByLabel('New password').fill(PASSWORD);
  const password = page.locator('.form-card', { hasText: 'New password' });
  await password.getByRole('button', { name: 'Save' }).click();
  await page.locator('.toast', { hasText: 'Saved' }).waitFor();
  return { page, secret: await setUp(page, 'Set it up') };
}

async function setUp(page, word) {
  const card = page.locator('.form-card', { hasText: 'Second factor' });
  await card.getByRole('button', { name: word }).click();
  const secret = (await card.locator('code').innerText()).replaceAll(' ', '');
  const code = card.getByLabel('Code from your app');
  await code.fill(wrong(codeOf(secret)));
  await card.getByRole('button', { name: 'Confirm' }).click();
  await card.locator('.field-error').waitFor();
  assert.deepEqual(await axe(page, '.page'), [], 'axe on the profile with a refused code');
  await code.fill(codeOf(secret));
  await page.keyboard.press('Enter');
  await card.getByText('A code is asked for at every sign-in.').waitFor();
  return secret;
}

async function signOut(page) {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

async function withPassword(page, email) {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  const code = page.getByLabel('Code from your app');
  await code.waitFor();
  const focused = await code.evaluate((box) => box === document.activeElement);
  assert.equal(focused, true, 'the code can be typed at once');
  return code;
}

/** Out, and in again: a wrong code is refused in words, the right one opens. */
export async function signInWithCode({ page, secret }, email) {
  await signOut(page);
  const code = await withPassword(page, email);
  await code.fill(wrong(codeOf(secret, 1)));
  await page.keyboard.press('Enter');
  await page.getByText('E-mail, password or code is wrong.').waitFor();
  assert.deepEqual(await axe(page), [], 'axe where the code was refused');
  await code.fill(codeOf(secret, 1)); // the present one was used up by switching the factor on
  await page.keyboard.press('Enter');
  await page.locator('.shell').waitFor({ timeout: 30_000 });
}

/** The phone is gone: a link of the administrator lets in, a new secret replaces the old one. */
export async function recover(admin, { page, secret }, person) {
  await page.goto(`${new URL(page.url()).origin}/#/profile`);
  await signOut(page);
  const row = admin.locator('.table tr', { hasText: person.email });
  await row.getByRole('button').click();
  await admin.getByRole('menuitem', { name: 'New one-time link' }).click();
  await enter(page, await linkShown(admin));
  await page.goto(`${new URL(page.url()).origin}/#/profile`);
  const fresh = await setUp(page, 'Set up anew');
  assert.notEqual(fresh, secret);
  await signOut(page);
  const code = await withPassword(page, person.email);
  await code.fill(codeOf(secret, 1));
  await page.keyboard.press('Enter');
  await page.getByText('E-mail, password or code is wrong.').waitFor();
  await code.fill(codeOf(fresh, 1));
  await page.keyboard.press('Enter');
  await page.locator('.shell').waitFor({ timeout: 30_000 });
  return page;
}
