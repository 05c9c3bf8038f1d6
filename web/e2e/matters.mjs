// One matter or two: a Case is split and merged again, by clicks, and the merge can be taken back.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { arrived, call, choose, idOf, until } from './steps.mjs';

const opened = (page, id) => page.waitForURL((url) => url.hash.includes(`/case/${id}`));

/** Moves the mail out of a Case that came by chat and mail; both keep what belongs to them. */
export async function split(page, id) {
  await page.goto(`${new URL(page.url()).origin}/#/case/${id}`);
  await page.locator('.composer').waitFor();
  await choose(page, 'split');
  const dialog = page.getByRole('dialog', { name: 'Split into a case of its own' });
  const button = dialog.getByRole('button', { name: 'Split' });
  assert.equal(await button.isDisabled(), true, 'nothing is chosen, nothing can be split');
  const rows = dialog.locator('.dialog-body .row:has(.channel-mark[title="E-mail"])');
  await rows.first().getByRole('checkbox').check();
  assert.deepEqual(await axe(page), [], 'axe on the split dialog');
  await button.click();
  await page.waitForURL((url) => /\/case\//.test(url.hash) && !url.hash.includes(id));
  const made = idOf(page);
  await arrived(page);
  await page.locator('.mail-card').first().waitFor();
  assert.equal(await page.locator('.bubble-line').count(), 0, 'the chat stayed where it was');
  return made;
}

/** Merges one Case into another, found by its number; the old one says where it went. */
export async function merge(page, from, into) {
  const { case: target } = await call(page, 'GET', `/v1/cases/${into}`);
  await page.goto(`${new URL(page.url()).origin}/#/case/${from}`);
  await page.locator('.composer').waitFor();
  await choose(page, 'merge');
  const dialog = page.getByRole('dialog', { name: 'Merge into another case' });
  await dialog.getByRole('searchbox').fill(target.reference);
  await dialog.locator('.choice', { hasText: target.reference }).getByRole('radio').check();
  assert.deepEqual(await axe(page), [], 'axe on the merge dialog');
  await dialog.getByRole('button', { name: 'Merge' }).click();
  await opened(page, into);
  await arrived(page);
  await page.locator('.mail-card').first().waitFor();
  await page.locator('.bubble-line').first().waitFor();
}

/** The merged Case leads on to the other one; taking the merge back opens it again. */
export async function takeBack(page, from, into) {
  await page.goto(`${new URL(page.url()).origin}/#/case/${from}`);
  await page.getByRole('button', { name: 'Open it' }).click();
  await opened(page, into);
  await page.goto(`${new URL(page.url()).origin}/#/case/${from}`);
  await choose(page, 'unmerge');
  await page.locator('.case-facts .chip', { hasText: 'Open' }).waitFor();
  await until('both stand for themselves', async () => {
    const cases = await Promise.all(
      [from, into].map((one) => call(page, 'GET', `/v1/cases/${one}`)),
    );
    return cases.every((one) => one.interactions.length === 1 && one.case.state !== 'merged');
  });
}
