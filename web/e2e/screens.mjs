// Every screen in four languages, light and dark: axe finds nothing, nothing overflows, no broken rule.
import { axe, open } from './browser.mjs';

const LANGUAGES = ['en', 'cs', 'pl', 'ru'];
const THEMES = ['light', 'dark'];
const ADMIN = [
  'people',
  'departments',
  'queues',
  'skills',
  'channels',
  'widget',
  'rules',
  'quarantine',
];

const settled = async (page) => {
  await page
    .locator('.skeleton')
    .first()
    .waitFor({ state: 'detached' })
    .catch(() => undefined);
  await page.waitForTimeout(200);
};

async function visit(page, base, hash) {
  await page.goto(`${base}/${hash}`);
  await page.locator('h1:visible').first().waitFor();
  await settled(page);
}

const dialogs = [
  { name: 'why', icon: 'why', menu: -3 },
  { name: 'history', icon: 'history', menu: -2 },
];

/** Things that open over the Case: each must be good by itself. */
async function overlays(page, check) {
  await page.locator('.presence-button').click();
  await check('presence menu');
  await page.keyboard.press('Escape');
  await page.locator('.composer [role=tab]').nth(1).click();
  await check('note');
  await page.locator('.composer [role=tab]').nth(0).click();
  await page.locator('.customer-panel [role=tab]').nth(1).click();
  await settled(page);
  await check('timeline');
  for (const dialog of dialogs) {
    await page.locator('.case-actions .menu > button').click();
    const items = page.locator('.case-actions [role=menuitem]');
    const count = await items.count();
    await items.nth(count + dialog.menu).click();
    await settled(page);
    await check(dialog.name);
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('?');
  await check('keys');
  await page.keyboard.press('Escape');
  await page.locator('.search-input').fill('er');
  await settled(page);
  await check('search');
  await page.keyboard.press('Escape');
}

async function oneLook(browser, server, state, id, language, theme, faults) {
  const page = await open(browser, server.address, { theme, language, storageState: state });
  const base = server.address;
  const check = async (screen) => {
    for (const line of await axe(page)) faults.push(`axe ${screen} ${language} ${theme}: ${line}`);
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    if (wide > 0) faults.push(`overflow ${screen} ${language} ${theme}: ${wide} px`);
  };
  await page.goto(`${base}/#/profile`);
  await page.locator('.form-card select').first().selectOption(language);
  await page.locator('.form-card select').nth(1).selectOption(theme);
  await page.waitForFunction((code) => document.documentElement.lang === code, language);
  await settled(page);
  await check('profile');
  await visit(page, base, '#/inbox/mine');
  await check('mine');
  await visit(page, base, '#/inbox/repair');
  await check('repair');
  await visit(page, base, `#/inbox/all/${id}?state=any`);
  await check('case');
  await overlays(page, check);
  for (const name of ADMIN) {
    await visit(page, base, `#/admin/${name}`);
    await check(`admin ${name}`);
  }
  await page.setViewportSize({ width: 320, height: 640 });
  await visit(page, base, '#/inbox/all?state=any');
  await check('narrow list');
  await visit(page, base, `#/case/${id}`);
  await check('narrow case');
  faults.push(...page.faults);
  await page.context().close();
}

async function door(browser, server, language, theme, faults) {
  const page = await open(browser, server.address, { theme, language });
  await page.goto(server.address);
  await page.locator('.welcome-card').waitFor();
  for (const line of await axe(page)) faults.push(`axe sign-in ${language} ${theme}: ${line}`);
  await page.context().close();
}

/** Offline, so that no card comes over a screen that is being looked at. */
async function goOffline(page) {
  await page.locator('.presence-button').click();
  await page.locator('[role=menuitemradio]').last().click();
  await page.locator('.status-offline').first().waitFor();
}

export async function screens(browser, server, signedIn, faults) {
  await goOffline(signedIn);
  const state = await signedIn.context().storageState();
  state.origins = [];
  const id = new URL(signedIn.url()).hash.split('?')[0].split('/').pop();
  for (const language of LANGUAGES) {
    for (const theme of THEMES) {
      const before = faults.length;
      await door(browser, server, language, theme, faults);
      await oneLook(browser, server, state, id, language, theme, faults);
      console.log(`${faults.length === before ? 'ok  ' : 'FAIL'} screens ${language} ${theme}`);
      for (const one of new Set(faults.slice(before))) console.log(`     ${one.slice(0, 300)}`);
    }
  }
}
