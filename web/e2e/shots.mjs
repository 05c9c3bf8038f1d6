// The pictures of README and docs, taken by the same browser that tests: docs/images/*.png.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { open } from './browser.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));

async function look(browser, server, state, { name, theme, language, width, height, hash, ready }) {
  const page = await open(browser, server.address, {
    theme,
    language,
    width,
    height,
    storageState: state,
  });
  await page.goto(`${server.address}/#/profile`);
  await page.locator('.form-card select').first().selectOption(language);
  await page.locator('.form-card select').nth(1).selectOption(theme);
  await page.waitForTimeout(400);
  await page.goto(`${server.address}/${hash}`);
  await page.waitForLoadState('networkidle').catch(() => undefined);
  if (ready) await ready(page);
  await page.waitForTimeout(700);
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  await page.context().close();
  console.log(`shot ${name}.png`);
}

/** A Case that shows something: open, a talk of several turns, best in English. */
async function talk(page, fallback) {
  return page.evaluate(async (otherwise) => {
    const get = async (path) => (await fetch(path)).json();
    const page = await get('/v1/cases?tab=all&sort=newest&limit=60');
    let best = { id: otherwise, worth: 0 };
    for (const one of page.items) {
      const { messages } = await get(`/v1/cases/${one.id}`);
      const worth = messages.length + (one.customer.language === 'en' ? 4 : 0);
      if (one.channels.includes('chat') && worth > best.worth) best = { id: one.id, worth };
    }
    return best.id;
  }, fallback);
}

export async function shots(browser, server, signedIn) {
  mkdirSync(FOLDER, { recursive: true });
  const state = await signedIn.context().storageState();
  state.origins = [];
  const id = await talk(signedIn, new URL(signedIn.url()).hash.split('?')[0].split('/').pop());
  const at = (tab) => `#/inbox/${tab}/${id}`;
  const wide = { width: 1440, height: 900 };
  const every = [
    { name: 'workspace-light', theme: 'light', language: 'en', ...wide, hash: at('all') },
    { name: 'workspace-dark', theme: 'dark', language: 'en', ...wide, hash: at('all') },
    { name: 'workspace-cs', theme: 'light', language: 'cs', ...wide, hash: at('all') },
    {
      name: 'workspace-narrow',
      theme: 'light',
      language: 'en',
      width: 390,
      height: 800,
      hash: `#/case/${id}`,
    },
    { name: 'admin-channels', theme: 'light', language: 'en', ...wide, hash: '#/admin/channels' },
  ];
  for (const one of every) await look(browser, server, state, one);
}
