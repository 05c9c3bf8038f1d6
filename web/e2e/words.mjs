// Words of the screens forty per cent longer: nothing grows out of the page, its button, its chip.
import assert from 'node:assert/strict';
import { ADMIN } from './screens.mjs';
import { call } from './steps.mjs';

/** Every screen of the desk and of set-up by its address. */
async function places(page, id) {
  const { items } = await call(page, 'GET', '/v1/customers?limit=1');
  return [
    ['list and case', `#/inbox/all/${id}?state=any`],
    ['the matter alone', `#/case/${id}`],
    ['repair', '#/inbox/repair'],
    ['settings', '#/profile'],
    ['notifications', '#/profile/notices'],
    ['keys', '#/profile/keys'],
    ['customers', '#/customers'],
    ['a customer', `#/customer/${items[0].id}`],
    ...ADMIN.map((name) => [name, `#/admin/${name}`]),
  ];
}

/** Makes the words longer and tells what no longer holds them. */
const stretched = (page) =>
  page.evaluate(() => {
    const NAMES = 'button, a, label, h1, h2, h3, th, legend, .tab, .chip, dt, option';
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const words = [];
    while (walker.nextNode()) {
      const { data, parentElement } = walker.currentNode;
      if (data.trim() && parentElement?.closest(NAMES)) words.push([walker.currentNode, data]);
    }
    for (const [node, data] of words)
      node.data += 'ěščřž'.repeat(20).slice(0, Math.ceil(data.length * 0.4));
    window.asBefore = () => words.forEach(([node, data]) => (node.data = data));
    const faults = [];
    const tell = (what, one) =>
      faults.push(`${what} ${one.tagName} ${one.className}: ${one.textContent.slice(0, 50)}`);
    const wide = document.scrollingElement.scrollWidth - innerWidth;
    if (wide > 1) faults.push(`the page by ${wide} px`);
    const seen = [...document.querySelectorAll(NAMES)].filter(
      (one) => one.checkVisibility() && one.clientWidth > 1 && !one.closest('.sr'),
    );
    for (const one of seen) {
      const style = getComputedStyle(one);
      if (style.display === 'inline' || one.scrollWidth <= one.clientWidth + 2) continue;
      if (style.overflowX === 'visible') tell('grows out', one);
      else if (style.textOverflow !== 'ellipsis' && style.overflowX !== 'auto') tell('cut', one);
    }
    const box = new Map(seen.map((one) => [one, one.getBoundingClientRect()]));
    for (const one of seen)
      for (let next = one.nextElementSibling; next; next = next.nextElementSibling) {
        const [a, b] = [box.get(one), box.get(next)];
        if (!b || getComputedStyle(next).position === 'absolute') continue;
        const over = Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2;
        if (over && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2) tell('under', one);
      }
    return faults;
  });

/** The widths at which it is tried: one in every build, the others with FULL=1. */
const WIDTHS = process.env.FULL === '1' ? [1440, 1024, 360] : [1024];

/** ``looked`` is told of each screen while its words are long. */
export async function longWords(page, base, id, looked = async () => undefined) {
  const wrong = [];
  const all = await places(page, id);
  const { width: wide, height } = page.viewportSize();
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height });
    for (const [name, hash] of all) {
      await page.goto(`${base}/${hash}`);
      await page.locator('h1:visible, h2:visible').first().waitFor();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      await page.waitForTimeout(100);
      const found = await stretched(page);
      await looked(`${name} ${width}`, found);
      await page.evaluate(() => window.asBefore()); // else a drawing would not find its own words
      wrong.push(...found.map((one) => `${name} ${width}: ${one}`));
    }
  }
  await page.setViewportSize({ width: wide, height });
  assert.deepEqual(wrong, [], 'words 40 % longer overflow');
}
