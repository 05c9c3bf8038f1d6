// The customer's side beside the desk: files both ways, a proved address, the answer that goes on by mail.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { axe, open } from './browser.mjs';
import { call, idOf, send, until } from './steps.mjs';

const YOU = 'you@customer.example';
const panel = (visitor) => visitor.locator('polyphony-chat');
const line = (visitor, text) => panel(visitor).locator('.line', { hasText: text });

/** Bytes that are no text in any encoding, so that a download that was re-coded shows. */
const bytes = (mark) =>
  Buffer.concat([Buffer.from(`${mark}\n`), Buffer.from([0, 255, 13, 10, 0x80])]);

async function downloaded(page, act) {
  const [download] = await Promise.all([page.waitForEvent('download'), act()]);
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}

/** Opens the company's site as its customer and begins to chat. */
export async function arrive(browser, server, text) {
  const visitor = await open(browser, server.address);
  await visitor.goto(`${server.address}/demo/customer`);
  await panel(visitor).locator('.launcher').click();
  await panel(visitor).locator('textarea').fill(text);
  await visitor.keyboard.press('Enter');
  await line(visitor, text).locator('.tick.delivered, .tick.read').waitFor({ timeout: 30_000 });
  return visitor;
}

/** The agent finds the new chat in the list, opens it and takes it, unless a colleague was faster. */
export async function openCase(page, text) {
  await page.goto(`${new URL(page.url()).origin}/#/inbox/all?sort=newest`);
  await page.locator('.case-row', { hasText: text }).first().click({ timeout: 30_000 });
  await page.locator('.stream .stream-item', { hasText: text }).first().waitFor();
  const take = page.getByRole('button', { name: 'Take it' });
  if (await take.isVisible()) await take.click();
  await page.locator('.composer-text:not(:disabled)').waitFor();
  return idOf(page);
}

export async function fileFromVisitor(visitor, page) {
  const mark = `meter-${Date.now()}`;
  const content = bytes(mark);
  await panel(visitor)
    .locator('input.clip')
    .setInputFiles({ name: `${mark}.bin`, mimeType: 'application/octet-stream', buffer: content });
  await panel(visitor)
    .locator('.chip', { hasText: `${mark}.bin` })
    .waitFor();
  await panel(visitor).locator('textarea').fill(`Here is the reading ${mark}`);
  await visitor.keyboard.press('Enter');
  await line(visitor, mark).locator('.tick.delivered, .tick.read').first().waitFor();
  const card = page.locator('.file-card', { hasText: `${mark}.bin` });
  await card.waitFor({ timeout: 30_000 });
  const got = await downloaded(page, () => card.click());
  assert.equal(got.name, `${mark}.bin`);
  assert.deepEqual(got.content, content);
}

export async function fileFromAgent(visitor, page) {
  const mark = `tariff-${Date.now()}`;
  const content = bytes(mark);
  await page
    .locator('.composer input[type=file]:not([capture])')
    .setInputFiles({ name: `${mark}.bin`, mimeType: 'application/octet-stream', buffer: content });
  await page
    .locator('.upload', { hasText: `${mark}.bin` })
    .getByRole('button')
    .waitFor();
  await page.locator('.composer-text').fill(`The new tariff ${mark}`);
  await send(page);
  const file = line(visitor, mark).locator('button.file');
  await file.waitFor({ timeout: 30_000 });
  const got = await downloaded(visitor, () => file.click());
  assert.equal(got.name, `${mark}.bin`);
  assert.deepEqual(got.content, content);
}

/** What lies in the customer's mailbox; the newest mail stands first. */
export async function mailbox(visitor) {
  await visitor.goto(new URL('/', visitor.url()).href);
  return visitor.locator('article').allInnerTexts();
}

/** A typed address is a claim; the code mailed to it proves it. */
export async function proveAddress(browser, visitor) {
  const mail = panel(visitor).locator('.mail');
  await panel(visitor).getByRole('button', { name: 'Continue elsewhere' }).click();
  await mail.getByLabel('Your e-mail').fill(YOU);
  await mail.getByRole('button', { name: 'Send me a code' }).click();
  await mail.getByText('We sent a 6-digit code').waitFor();
  assert.deepEqual(await axe(visitor, 'polyphony-chat'), [], 'axe where the code is asked for');
  const letters = await open(browser, visitor.url());
  await letters.goto(visitor.url());
  const code = await until('the mailed code', async () =>
    /\b(\d{3}) ?(\d{3})\b/
      .exec((await mailbox(letters))[0] ?? '')
      ?.slice(1)
      .join(''),
  );
  const wrong = code === '111111' ? '222222' : '111111';
  await mail.getByLabel('Code').fill(wrong);
  await mail.getByRole('button', { name: 'Confirm' }).click();
  await mail.getByText('The code is not right.').waitFor();
  await mail.getByLabel('Code').fill(code);
  await mail.getByRole('button', { name: 'Confirm' }).click();
  await mail.getByText(`If you leave, our answers go to ${YOU}.`).waitFor();
  return letters;
}

/** The visitor closes the page; the agent answers him nevertheless. */
export async function answerAfterLeaving(visitor, page) {
  await visitor.context().close();
  const text = `We have found it, see below ${Date.now()}`;
  await page.locator('.composer-text').fill(text);
  await send(page);
  await page.locator('.bubble-out:not(.pending)', { hasText: text }).waitFor();
  return text;
}

/** Minutes later: the answer is in the mailbox, and what is answered there joins the same Case. */
export async function goOnByMail(letters, page, { id, text }) {
  await until(
    'the answer by e-mail',
    async () => (await mailbox(letters))[0]?.includes(text),
    240_000,
  );
  const back = `Thank you for the mail ${Date.now()}`;
  await letters.getByLabel('Your message').fill(back);
  await letters.getByRole('button', { name: 'Send' }).click();
  await page.goto(`${new URL(page.url()).origin}/#/case/${id}`);
  await page.locator('.mail-card', { hasText: back }).waitFor({ timeout: 40_000 });
  const { interactions } = await call(page, 'GET', `/v1/cases/${id}`);
  assert.deepEqual(
    new Set(interactions.map((one) => one.channel_kind)),
    new Set(['chat', 'email']),
  );
  await letters.context().close();
}

/** The talk is over: he gives four stars and some words; they stand in the Case. */
export async function rate(visitor, page) {
  const card = panel(visitor).locator('.card', { hasText: 'How was it?' });
  await card.getByLabel('4 of 5').check();
  const words = `Quick and kind ${Date.now()}`;
  await card.getByLabel('Anything you want to add?').fill(words);
  await card.getByRole('button', { name: 'Send' }).click();
  await panel(visitor).getByText('Thank you for your opinion.').waitFor();
  await page.locator('.stream', { hasText: words }).waitFor();
}

/** The brand of the chat gets a picture, and the next visitor sees it drawn. */
export async function logo(browser, server, page, picture) {
  const { csrf } = await call(page, 'GET', '/v1/sign_ins/current');
  const { items: brands } = await call(page, 'GET', '/v1/brands');
  const brand = brands.at(-1);
  const kept = await page.context().request.put(`${server.address}/v1/brands/${brand.id}/logo`, {
    data: picture,
    headers: { 'Content-Type': 'image/png', 'X-Polyphony-CSRF': csrf, Origin: server.address },
  });
  assert.ok(kept.ok(), `a logo: ${kept.status()} ${await kept.text()}`);
  const { items: accounts } = await call(page, 'GET', '/v1/channel_accounts');
  const account = accounts.find((one) => one.kind === 'chat' && one.name === 'lumen.example');
  const path = `/v1/channel_accounts/${account.id}`;
  const now = { 'If-Match': `"${account.version}"` };
  const changed = await call(page, 'PATCH', path, { brand_id: brand.id }, now);
  const visitor = await open(browser, server.address);
  await visitor.goto(`${server.address}/demo/customer`);
  await panel(visitor).locator('.launcher').click();
  const canvas = panel(visitor).locator('.brand canvas');
  await until('the logo is drawn', () => canvas.evaluate((one) => one.width > 0));
  await panel(visitor).locator('.brand', { hasText: brand.name }).waitFor();
  const back = { 'If-Match': `"${changed.version}"` };
  await call(page, 'PATCH', path, { brand_id: account.brand_id }, back);
  const { faults } = visitor;
  await visitor.context().close();
  return faults;
}
