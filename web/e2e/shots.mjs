// The pictures of README and docs, taken by the same browser that tests: docs/images/*.webp, 120 KB at most.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { open } from './browser.mjs';
import { SCREENS } from './pictured.mjs';
import { call } from './steps.mjs';
import { widgetShots } from './widget_shots.mjs';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const MOST_BYTES = 120 * 1024;
const NARROW = { width: 390, height: 800 };
const WIDE = { width: 1440, height: 900 };

/** How a main screen is shown beside its light English picture. */
const LOOKS = {
  light: { theme: 'light', language: 'en' },
  dark: { theme: 'dark', language: 'en' },
  contrast: { theme: 'contrast', language: 'en' },
  narrow: { theme: 'light', language: 'en', ...NARROW },
  cs: { theme: 'light', language: 'cs' },
  pl: { theme: 'light', language: 'pl' },
  ru: { theme: 'light', language: 'ru' },
};

/** As WebP: without loss when that is small enough, else as good as fits. */
async function small(studio, png) {
  for (const quality of [1, 0.92, 0.85, 0.75, 0.6]) {
    const bytes = await studio.evaluate(
      async ([data, wanted]) => {
        const blob = await (await fetch(`data:image/png;base64,${data}`)).blob();
        const picture = await createImageBitmap(blob);
        const canvas = new OffscreenCanvas(picture.width, picture.height);
        canvas.getContext('2d').drawImage(picture, 0, 0);
        const made = await canvas.convertToBlob({ type: 'image/webp', quality: wanted });
        const read = new FileReader();
        await new Promise((done) => {
          read.onload = done;
          read.readAsDataURL(made);
        });
        return read.result.split(',')[1];
      },
      [png.toString('base64'), quality],
    );
    const found = Buffer.from(bytes, 'base64');
    if (found.length <= MOST_BYTES) return found;
  }
  throw new Error('a picture is too large whatever its quality');
}

const settled = async (page) => {
  await page.waitForLoadState('networkidle').catch(() => undefined); // the stream never rests
  await page.locator('.skeleton').first().waitFor({ state: 'detached' });
  await page.waitForTimeout(400);
};

async function dress(page, base, { theme, language }) {
  await page.goto(`${base}/#/profile`);
  await page.locator('.form-card select').first().selectOption(language);
  await page.locator('.form-card select').nth(1).selectOption(theme);
  await page.waitForFunction((code) => document.documentElement.lang === code, language);
  await page.waitForTimeout(300);
}

/** One window in one dress, through all screens that are shown in it. */
async function sitting(stage, look, screens) {
  const { browser, server, state, keep } = stage;
  const page = await open(browser, server.address, {
    ...WIDE,
    ...LOOKS[look],
    storageState: state,
  });
  await dress(page, server.address, LOOKS[look]);
  for (const one of screens) {
    await page.setViewportSize(one.size ?? { ...WIDE, ...(LOOKS[look].width && NARROW) });
    const hash = typeof one.hash === 'function' ? one.hash(stage) : one.hash;
    await page.goto(`${server.address}/#/profile`);
    await page.goto(`${server.address}/${hash}`);
    await settled(page);
    await one.ready?.(page, stage);
    await settled(page);
    await keep(one.looks ? `${one.name}-${look}` : one.name, page, one.part);
    await one.after?.(page, stage);
    if (await page.locator('dialog[open]').count()) await page.keyboard.press('Escape');
  }
  await page.context().close();
}

async function door({ browser, server, keep }) {
  const page = await open(browser, server.address, WIDE);
  await page.goto(server.address);
  await page.locator('.welcome-card').waitFor();
  await keep('sign-in', page);
  await page.context().close();
}

/** A Case that shows something: open, a talk of several turns, best in English. */
async function talk(page, kind) {
  const { items } = await call(page, 'GET', '/v1/cases?tab=all&sort=newest&limit=60');
  let best = { id: items[0].id, worth: 0 };
  for (const one of items.filter((row) => row.channels.includes(kind))) {
    const { messages } = await call(page, 'GET', `/v1/cases/${one.id}`);
    const worth = Math.min(messages.length, 6) + (one.customer.language === 'en' ? 4 : 0);
    if (worth > best.worth) best = { id: one.id, worth };
  }
  return best.id;
}

/** A few things that the pictures shall show: words to choose from, a view, an article. */
async function furnish(page) {
  const made = [];
  const add = async (path, body) => made.push([path, (await call(page, 'POST', path, body)).id]);
  const text = (title, body) => ({ titles: { en: title }, bodies: { en: body } });
  await add('/v1/snippets', {
    shortcut: 'refund',
    name: 'Money is on its way',
    bodies: { en: 'Dear {{customer.first_name}}, the money is on its way.' },
  });
  await add('/v1/macros', {
    name: 'Meter reading received',
    steps: [
      { do: 'tag', add: ['meter'] },
      { do: 'note', text: 'Reading checked against the last bill.' },
    ],
  });
  await add('/v1/articles', {
    ...text('How to read your meter', 'Write down all digits before the comma.'),
    url: 'https://lumen.example/meter',
  });
  await add('/v1/views', {
    name: 'Urgent, nobody has it',
    colour: 'bad',
    sharing: 'personal',
    filter: { all: [{ field: 'priority', op: 'at_least', value: 'high' }] },
  });
  return async () => {
    for (const [path, id] of made) await call(page, 'DELETE', `${path}/${id}`);
  };
}

export async function shots(browser, server, signedIn) {
  mkdirSync(FOLDER, { recursive: true });
  for (const old of readdirSync(FOLDER)) rmSync(`${FOLDER}${old}`);
  const { speed } = await call(signedIn, 'GET', '/v1/demo');
  await call(signedIn, 'PUT', '/v1/demo', { paused: true, speed });
  await call(signedIn, 'PUT', '/v1/presence', { status: 'break' });
  const state = await signedIn.context().storageState();
  state.origins = [];
  const studio = await (await browser.newContext()).newPage();
  const keep = async (name, page, part) => {
    const target = part ? page.locator(part).first() : page;
    const png = await target.screenshot({ animations: 'disabled' });
    const bytes = await small(studio, png);
    writeFileSync(`${FOLDER}${name}.webp`, bytes);
    console.log(`shot ${name}.webp ${Math.round(bytes.length / 1024)} KB`);
  };
  const clear = await furnish(signedIn);
  const chat = await talk(signedIn, 'chat');
  const stage = {
    browser,
    server,
    state,
    keep,
    signedIn,
    chat,
    mail: await talk(signedIn, 'email'),
  };
  for (const look of Object.keys(LOOKS)) {
    const screens = SCREENS.filter((one) => (one.looks ?? ['light']).includes(look));
    await sitting(stage, look, screens);
  }
  await door(stage);
  await widgetShots(stage);
  await clear();
  const last = await open(browser, server.address, { storageState: state });
  await dress(last, server.address, { theme: 'system', language: 'en' });
  await last.context().close();
  await studio.context().close();
  await call(signedIn, 'PUT', '/v1/demo', { paused: false, speed });
  await call(signedIn, 'PUT', '/v1/presence', { status: 'online' });
}
