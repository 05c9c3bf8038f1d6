// Which screens stand in the docs: where each is, and what is done there before it is shown.
import { ADMIN } from './screens.mjs';
import { call, choose } from './steps.mjs';

const MAIN = ['light', 'dark', 'contrast', 'narrow', 'cs', 'pl', 'ru'];
const DIALOG = { width: 1100, height: 760 };

const chatCase = ({ chat }) => `#/inbox/all/${chat}?state=any`;
const mailCase = ({ mail }) => `#/inbox/all/${mail}?state=any`;
const key =
  (...keys) =>
  async (page) => {
    await page.locator('main').focus();
    for (const one of keys) await page.keyboard.press(one);
  };
const menu = (entry) => async (page) => {
  await choose(page, entry);
  await page.locator('dialog[open]').waitFor();
};
const dialog =
  (...keys) =>
  async (page) => {
    await key(...keys)(page);
    await page.locator('dialog[open]').waitFor();
  };

/** The world goes on for one Offer, then rests again. */
const world = async ({ signedIn }, paused, status) => {
  const { speed } = await call(signedIn, 'GET', '/v1/demo');
  await call(signedIn, 'PUT', '/v1/demo', { paused, speed });
  await call(signedIn, 'PUT', '/v1/presence', { status });
};

const card = (page) => page.locator('.offer-card').first();

const CASE = [
  {
    name: 'workspace',
    looks: MAIN,
    hash: ({ chat }) => `#/inbox/all/${chat}`,
  },
  { name: 'case-mail', hash: mailCase },
  {
    name: 'list-chosen',
    hash: '#/inbox/all',
    ready: key('j', 'x', 'Shift+J', 'Shift+J'),
    after: key('Escape'),
  },
  {
    name: 'view-editor',
    size: DIALOG,
    hash: '#/inbox/all',
    ready: async (page) => {
      await page.locator('.view-chip', { hasText: 'Urgent' }).click();
      await page.locator('.view-line button').click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  {
    name: 'notices',
    hash: chatCase,
    ready: async (page) => {
      await page
        .getByRole('button', { name: /notifications?$/i })
        .first()
        .click();
      await page.locator('.notices-head').waitFor();
    },
    after: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'tour',
    hash: chatCase,
    ready: async (page) => {
      await page.locator('.demo-more').click();
      await page.locator('[data-entry=tour]').click();
      for (let stop = 1; stop < 3; stop += 1)
        await page.locator('.tour-card .button-primary').click();
      await page.waitForTimeout(400);
    },
    after: (page) => page.locator('.tour-card .icon-button').click(),
  },
  { name: 'transfer', size: DIALOG, hash: chatCase, ready: dialog('t') },
  { name: 'elsewhere', size: DIALOG, hash: chatCase, ready: dialog('c') },
  { name: 'case-menu', hash: chatCase, ready: key('.') },
  { name: 'snooze', size: DIALOG, hash: chatCase, ready: dialog('h') },
  { name: 'tags', size: DIALOG, hash: chatCase, ready: dialog('l') },
  { name: 'merge', size: DIALOG, hash: chatCase, ready: menu('merge') },
  { name: 'history', size: DIALOG, hash: chatCase, ready: menu('history') },
  { name: 'why', size: DIALOG, hash: chatCase, ready: menu('why') },
  { name: 'ask-for-help', size: DIALOG, hash: chatCase, ready: dialog('v') },
  { name: 'forward', size: DIALOG, hash: mailCase, ready: dialog('f') },
  { name: 'macro', size: DIALOG, hash: chatCase, ready: dialog('m') },
  {
    name: 'composer-lists',
    part: '.case-panel',
    hash: chatCase,
    ready: async (page) => {
      await page.locator('.composer-text').pressSequentially('/ref');
      await page.locator('.suggest').waitFor();
    },
    after: async (page) => {
      await page.keyboard.press('Escape');
      await page.locator('.composer-text').fill('');
    },
  },
  {
    name: 'composer-note',
    part: '.case-panel',
    hash: chatCase,
    ready: async (page) => {
      await page.keyboard.press('n');
      await page.locator('.composer-note').waitFor();
    },
    after: async (page) => {
      await page.keyboard.press('F2');
    },
  },
  { name: 'palette', hash: chatCase, ready: dialog('Control+k') },
  { name: 'keys', hash: chatCase, ready: dialog('?') },
  {
    name: 'presence',
    hash: chatCase,
    ready: (page) => page.locator('.presence-button').click(),
    after: (page) => page.keyboard.press('Escape'),
  },
  {
    name: 'both-sides',
    hash: chatCase,
    ready: async (page) => {
      await page.locator('.demo-bar [aria-pressed]').click();
      await page.frameLocator('.demo-frame').locator('.launcher').waitFor();
    },
    after: (page) => page.locator('.demo-bar [aria-pressed="true"]').click(),
  },
  {
    name: 'offer',
    hash: chatCase,
    ready: async (page, stage) => {
      await world(stage, false, 'online');
      for (let tries = 0; tries < 4 && !(await card(page).isVisible()); tries += 1) {
        await page.locator('.demo-acts').click();
        await page.getByRole('menuitem', { name: 'A VIP chat for me' }).click();
        await card(page)
          .waitFor({ timeout: 30_000 })
          .catch(() => undefined);
      }
      await card(page).waitFor();
      await world(stage, true, 'online');
    },
    after: async (page, stage) => {
      await card(page).getByRole('button', { name: 'Accept' }).click();
      await world(stage, true, 'break');
      await page.locator('.fate-card').first().waitFor({ state: 'detached', timeout: 30_000 });
    },
  },
];

const CUSTOMER = [
  { name: 'customers', hash: '#/customers' },
  {
    name: 'customer',
    looks: ['light', 'dark', 'narrow'],
    hash: '#/customers',
    ready: async (page) => {
      await page.locator('.customers-row').first().click();
      await page.locator('.timeline-row').first().waitFor();
    },
  },
];

const SET_UP = ADMIN.map((page) => ({ name: `admin-${page}`, hash: `#/admin/${page}` }));

/** What opens on a page of set-up when something is made or changed there. */
const form = (page, name, button) => ({
  name: `admin-${name}`,
  size: DIALOG,
  hash: `#/admin/${page}`,
  ready: async (shown) => {
    await shown.getByRole('button', { name: button }).first().click();
    const kinds = shown.getByRole('menuitem').first();
    if (await kinds.isVisible()) await kinds.click();
    await shown.locator('dialog[open]').waitFor();
  },
});

const FORMS = [
  form('people', 'invite', /^Invite$/),
  form('people', 'invite-many', 'Invite many'),
  form('roles', 'role', 'New role'),
  form('queues', 'queue', /^Edit/),
  form('queues', 'serves', /^Who serves/),
  form('rules', 'rule', 'New rule'),
  form('channels', 'channel', 'Add a channel'),
  form('brands', 'brand', 'New brand'),
  form('snippets', 'snippet', 'New snippet'),
  form('macros', 'macro', 'New macro'),
];

const MINE = [
  { name: 'profile', hash: '#/profile' },
  { name: 'profile-keys', hash: '#/profile/keys' },
  { name: 'profile-notices', hash: '#/profile/notices' },
];

export const SCREENS = [...CASE, ...CUSTOMER, ...SET_UP, ...FORMS, ...MINE];
