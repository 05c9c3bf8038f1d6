// Typing in a tab that is killed: how much of it is lost.
import assert from 'node:assert/strict';
import { step } from './steps.mjs';

/** Promised for a machine that has time; shown by many kills on one (FULL=1). */
const LOST_MS = 500;
/** A few kills beside all other tests prove that words are kept, not how soon. */
const BUSY_MS = 5_000;

/** Types without a pause; every word is the moment it was typed at. */
const typing = () => {
  const box = document.querySelector('.composer-text');
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value').set;
  let text = '';
  setInterval(() => {
    text = `${text} ${Date.now()}`.slice(-2_000);
    set.call(box, text);
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }, 25);
};

/** The newest text kept on this machine for a Case. */
const kept = async (id) => {
  const names = (await indexedDB.databases()).map((one) => one.name);
  const name = names.find((one) => one.startsWith('polyphony-'));
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await done(indexedDB.open(name));
  const all = await done(database.transaction('drafts').objectStore('drafts').getAll());
  database.close();
  return all.filter((one) => one.case_id === id).sort((a, b) => b.at - a.at)[0]?.text ?? '';
};

async function killOnce(context, reader, address, id) {
  const page = await context.newPage();
  await page.goto(address);
  await page.locator('.composer-text:not(:disabled)').waitFor();
  await page.evaluate(typing);
  await page.waitForTimeout(700 + Math.random() * 800);
  const session = await context.newCDPSession(page);
  const crashed = new Promise((end) => page.once('crash', () => end(Date.now())));
  session.send('Page.crash').catch(() => undefined);
  const at = await crashed;
  await page.close();
  const last = Number((await reader.evaluate(kept, id)).split(' ').at(-1));
  return at - last;
}

/** Runs it in the browser of a signed-in page, on an open Case. */
export async function drafts(page, id, faults, times = 3) {
  await step(`a tab killed ${times} times while somebody types`, faults, async () => {
    const context = page.context();
    const { origin } = new URL(page.url());
    const reader = await context.newPage();
    await reader.goto(`${origin}/livez`);
    const lost = [];
    while (lost.length < times)
      lost.push(await killOnce(context, reader, `${origin}/#/case/${id}`, id));
    await page.goto(`${origin}/#/profile`);
    await page.goto(`${origin}/#/case/${id}`);
    await page.reload();
    await page.waitForFunction(() =>
      /\d{13}/.test(document.querySelector('.composer-text')?.value),
    );
    await page.locator('.composer-text').fill('');
    await reader.close();
    lost.sort((a, b) => a - b);
    const middle = lost[Math.floor(lost.length / 2)];
    console.log(`     lost ${middle} ms in the middle, ${lost.at(-1)} ms at worst`);
    const most = times > 10 ? LOST_MS : BUSY_MS;
    assert.ok(lost.at(-1) <= most, `${lost.at(-1)} ms of typing lost`);
  });
}
