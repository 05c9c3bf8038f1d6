// What the journeys share: one named step, a call of the API as the signed-in person, waiting.

import { pages } from './browser.mjs';

/** With E2E_PICTURES=folder: what every open page shows when a step fails. */
async function pictures(name) {
  const folder = process.env.E2E_PICTURES;
  if (!folder) return;
  let number = 0;
  for (const page of pages) {
    number += 1;
    const path = `${folder}/${name.replace(/\W+/g, '-')}-${number}.png`;
    await page.screenshot({ path }).catch(() => undefined); // the page may be gone
  }
}

/** What a step that failed may have left behind: a line cut, a question open. The next one begins clean. */
async function cleared(page) {
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().setOffline(false);
  if (await page.locator('dialog[open]').count()) await page.reload();
}

/** Runs one step; a failure is told and kept, the next step goes on. */
export async function step(name, faults, work) {
  const began = Date.now();
  try {
    const result = await work();
    console.log(`ok   ${name} (${Date.now() - began} ms)`);
    return result;
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.log(`FAIL ${name}: ${words}`);
    faults.push(`${name}: ${words}`);
    await pictures(name);
    for (const page of pages) await cleared(page).catch(() => undefined); // it may be gone
    return undefined;
  }
}

/** The API as the person of this page, for what a step needs around its clicks. */
export async function call(page, method, path, body, headers = {}) {
  const answer = await page.evaluate(
    async ([verb, where, given, more]) => {
      const { csrf } = await (await fetch('/v1/sign_ins/current')).json();
      const response = await fetch(where, {
        method: verb,
        headers: { 'Content-Type': 'application/json', 'X-Polyphony-CSRF': csrf, ...more },
        body: given === undefined ? undefined : JSON.stringify(given),
      });
      const text = await response.text();
      return { status: response.status, text };
    },
    [method, path, body, headers],
  );
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.text ? JSON.parse(answer.text) : undefined;
}

export async function until(what, check, ms = 30_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** The Case that was chosen is the one that is drawn: until it has come the one before stands still. */
export const arrived = (page) => page.locator('.desk-held:not([aria-disabled])').waitFor();

/** Chooses in the menu "more" of a Case by the entry's own name; opens it again when the Case was drawn anew under it. */
export async function choose(page, entry) {
  const one = page.locator(`.case-actions [data-entry="${entry}"]`);
  for (let tries = 0; tries < 5; tries += 1) {
    if (!(await one.isVisible())) await page.locator('.case-actions .menu > button').click();
    const done = await one.click({ timeout: 6_000 }).then(
      () => true,
      () => false,
    );
    if (done) return;
  }
  throw new Error(`the menu of the case never offered ${entry}`);
}

/** Sends what stands in the composer; goes on when it asks about the language of the text. */
export async function send(page) {
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await anyway(page);
}

/** Says yes as often as the composer asks before it sends: the language, a file, a colleague at work. */
export async function anyway(page) {
  const asks = page.getByRole('dialog', {
    name: /^Another language|^Send without| is working on this$/,
  });
  const yes = asks.getByRole('button', { name: /^(Send anyway|Join and send)$/ });
  for (let asked = 0; asked < 4; asked += 1) {
    await page.locator('.composer:not([aria-busy="true"])').waitFor(); // it has asked, or sent it
    if (!(await yes.isVisible())) return;
    await yes.click();
  }
}

export const idOf = (page) => new URL(page.url()).hash.split('?')[0].split('/').pop();
