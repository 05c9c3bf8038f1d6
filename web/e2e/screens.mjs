// Every screen in four languages and three themes: axe finds nothing, nothing overflows, no broken rule.
import { axe, open } from './browser.mjs';
import { call, choose, idOf } from './steps.mjs';

const THEMES = ['light', 'dark', 'contrast'];
const FULL = process.env.FULL === '1';
// every look with FULL=1; else each language and each theme at least once
const LOOKS = FULL
  ? { en: THEMES, cs: THEMES, pl: THEMES, ru: THEMES }
  : { en: ['light'], cs: ['dark'], pl: ['contrast'], ru: ['light'] };
/** The pages of set-up. */
export const ADMIN = [
  'people',
  'roles',
  'hours',
  'targets',
  'escalation',
  'health',
  'audit',
  'departments',
  'queues',
  'skills',
  'statuses',
  'capacity',
  'channels',
  'widget',
  'rules',
  'kinds',
  'events',
  'guide',
  'brands',
  'configuration',
  'snippets',
  'articles',
  'macros',
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

/** Low enough that every dialog, menu and list has to scroll: what does not fit must be reachable. */
const LOW = { width: 1440, height: 400 };
const TALL = { width: 1440, height: 900 };

const close = async (page) => {
  await page.keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
};

/** Opens one dialog, looks at it, proves that a body that overflows can be reached by keys. */
async function inDialog(page, name, open, check) {
  await open();
  await page.locator('dialog[open]').waitFor();
  await settled(page);
  await check(name, 'dialog[open]');
  const deaf = await page.locator('dialog[open] .dialog-body').evaluate((body) => {
    const inside = [...body.querySelectorAll('*')].some((one) => one.tabIndex >= 0);
    return body.scrollHeight > body.clientHeight + 1 && body.tabIndex < 0 && !inside;
  });
  if (deaf) throw new Error(`${name}: overflows, and no key can scroll it`);
  await close(page);
}

/** Things that open over the Case: each must be good by itself. */
async function overlays(page, check) {
  await page.locator('.presence-button').click();
  await check('presence menu', '.top-bar');
  await page.keyboard.press('Escape');
  await page.locator('.composer [role=tab]').nth(1).click();
  await check('note', '.composer');
  await page.locator('.composer [role=tab]').nth(0).click();
  await page.locator('.customer-panel [role=tab]').nth(1).click();
  await settled(page);
  await check('timeline', '.customer-panel');
  for (const name of ['why', 'history', 'merge', 'split'])
    await inDialog(page, name, () => choose(page, name), check);
  await inDialog(page, 'keys', () => page.keyboard.press('?'), check);
  await inDialog(
    page,
    'customer',
    () => page.locator('.customer-head button').first().click(),
    check,
  );
  await page.keyboard.press('Control+k');
  await page.locator('.palette-input').fill('er');
  await settled(page);
  await check('palette', '.palette');
  await close(page);
}

/** The dialogs of a Case somebody works on. */
async function working(page, base, id, check) {
  await visit(page, base, `#/inbox/all/${id}?state=any`);
  const solve = page.locator('.case-actions > .button').last();
  await inDialog(page, 'solve', () => solve.click(), check);
  for (const name of ['transfer', 'park'])
    await inDialog(page, name, () => choose(page, name), check);
}

/** The dialogs of the set-up pages, each with everything its list offers. */
async function setUp(page, base, check) {
  const first = (name) => () => page.locator(name).first().click();
  const entry = (name, id) => async () => {
    await page.locator(name).first().click();
    await page.locator(`[data-entry="${id}"]`).click();
  };
  await visit(page, base, '#/admin/people');
  await inDialog(page, 'invite', first('.admin-head .button'), check);
  await inDialog(page, 'person', entry('.table tr:nth-child(2) .menu > button', 'edit'), check);
  await inDialog(page, 'agent', entry('.table tr:nth-child(2) .menu > button', 'agent'), check);
  await visit(page, base, '#/admin/departments');
  await inDialog(page, 'department', first('.admin-head .button'), check);
  await visit(page, base, '#/admin/queues');
  await inDialog(page, 'queue', first('.admin-head .button'), check);
  await inDialog(page, 'members', first('.table td:last-child button'), check);
  await visit(page, base, '#/admin/skills');
  await inDialog(page, 'skill', first('.admin-head .button'), check);
  await visit(page, base, '#/admin/channels');
  await inDialog(page, 'mailbox', entry('.admin-head .menu > button', 'email'), check);
  await inDialog(page, 'widget', entry('.admin-head .menu > button', 'chat'), check);
  await inDialog(page, 'test', entry('.table .menu > button', 'test'), check);
}

async function oneLook(browser, server, { state, id, busy }, language, theme, faults) {
  const page = await open(browser, server.address, { theme, language, storageState: state });
  const base = server.address;
  const check = async (screen, part) => {
    for (const line of await axe(page, part))
      faults.push(`axe ${screen} ${language} ${theme}: ${line}`);
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
  // each page of set-up in two of four looks: once in light, once in dark or in high contrast
  const turn = ['en', 'pl'].includes(language) ? 0 : 1;
  for (const name of ADMIN.filter((_, number) => FULL || number % 2 === turn)) {
    await visit(page, base, `#/admin/${name}`);
    await check(`admin ${name}`);
  }
  await page.setViewportSize(LOW);
  await visit(page, base, `#/inbox/all/${id}?state=any`);
  // Words differ by language, colours by theme: not every dialog in every pair of them.
  if (FULL || language === 'en' || theme === 'dark') await overlays(page, check);
  if (FULL ? theme === 'light' || language === 'en' : language === 'ru') {
    await working(page, base, busy, check);
    await setUp(page, base, check);
  }
  await page.setViewportSize(TALL);
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
  await page.locator('[data-entry=offline]').click();
  await page.locator('.presence-reasons .button').click();
  await page.locator('.status-offline').first().waitFor();
}

/** A Case with a long past, so that lists scroll; another one somebody works on; the world stands still. */
async function prepare(page, id) {
  const { speed } = await call(page, 'GET', '/v1/demo');
  await call(page, 'PUT', '/v1/demo', { paused: true, speed });
  for (let round = 0; round < 12; round += 1)
    for (const priority of ['high', 'normal'])
      await call(page, 'PATCH', `/v1/cases/${id}`, { priority });
  for (const tab of ['mine', 'team']) {
    const { items } = await call(page, 'GET', `/v1/cases?tab=${tab}&sort=newest&limit=10`);
    for (const { id: one } of items) {
      const { work_items: work } = await call(page, 'GET', `/v1/cases/${one}`);
      const free = work.find((item) => ['waiting', 'in_work'].includes(item.state));
      if (one === id || !free) continue;
      if (free.state === 'waiting') await call(page, 'POST', `/v1/work_items/${free.id}/claim`);
      return one;
    }
  }
  throw new Error('nobody waits: no Case to take for the dialogs of work');
}

export async function screens(browser, server, signedIn, faults) {
  await goOffline(signedIn);
  const state = await signedIn.context().storageState();
  state.origins = [];
  const id = idOf(signedIn);
  const busy = await prepare(signedIn, id);
  for (const [language, themes] of Object.entries(LOOKS)) {
    for (const theme of themes) {
      const before = faults.length;
      await door(browser, server, language, theme, faults);
      await oneLook(browser, server, { state, id, busy }, language, theme, faults);
      console.log(`${faults.length === before ? 'ok  ' : 'FAIL'} screens ${language} ${theme}`);
      for (const one of new Set(faults.slice(before))) console.log(`     ${one.slice(0, 300)}`);
    }
  }
  await asBefore(signedIn);
}

/** Language and theme belong to the person, not to the page: the steps that follow read English. */
async function asBefore(page) {
  await call(page, 'PATCH', '/v1/people/me', { language: 'en' });
  await call(page, 'PATCH', '/v1/me/settings', { theme: 'system' });
  await page.reload();
  await page.waitForFunction(() => document.documentElement.lang === 'en');
}
