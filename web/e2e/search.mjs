// The page of the search: from the palette to a message where it stands, by keys; filters are words of the line.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { call, step, until } from './steps.mjs';

const asked = (page) => new URLSearchParams(page.url().split('?')[1]).get('q');

async function found(page) {
  const { items } = await call(page, 'GET', '/v1/cases?tab=all&state=any&limit=1');
  const { title, reference } = items[0];
  const words = `${reference} ${title}`;
  await page.keyboard.press('Control+k');
  await page.locator('.palette-input').fill(words);
  await page.locator('#choice-history').click();
  await until('the words are the address', () => asked(page) === words);
  const hit = page.locator('.find-hit', { hasText: reference }).first();
  await hit.locator('.find-title mark').first().waitFor();
  await page.getByLabel('Kind', { exact: true }).selectOption('case');
  await until('the filter is a word', () => asked(page) === `kind:case ${words}`);
  await page.locator('.find-results:not(.find-busy) .find-hit').first().waitFor();
  assert.deepEqual(await axe(page), [], 'axe: the page of the search');
  await page.getByRole('button', { name: 'Remove kind: case' }).click();
  await until('the chip is gone', () => asked(page) === words);
  await page.locator('.find-input').focus();
  await page.keyboard.press('ArrowDown');
  assert.ok(await page.evaluate(() => document.activeElement.closest('.find-results') !== null));
  await page.keyboard.press('ArrowUp');
  assert.ok(await page.locator('.find-input').evaluate((one) => one === document.activeElement));
  await hit.press('Enter');
  await page.locator('.case-head', { hasText: title }).waitFor();
}

export const searching = (page, faults) =>
  step('search all history, by words, filter and keys', faults, () => found(page));
