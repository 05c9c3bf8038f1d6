// Which screens stand in the docs: where each is, and what is done there before it is shown.
import { ADMIN } from './screens.mjs';
import { choose } from './steps.mjs';

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

const MINE = [
  { name: 'profile', hash: '#/profile' },
  { name: 'profile-keys', hash: '#/profile/keys' },
  { name: 'profile-notices', hash: '#/profile/notices' },
];

export const SCREENS = [...CASE, ...CUSTOMER, ...SET_UP, ...MINE];
