// The frame: keys on three layouts, typing that fires nothing, palette, panels, settings, offline start.
import assert from 'node:assert/strict';
import { axe, open } from './browser.mjs';
import { call, step, until } from './steps.mjs';
import { undoing } from './undo.mjs';
import { longWords } from './words.mjs';

const POLISH = [...'ąćęłńóśźżĄĆĘŁŃÓŚŹŻ'];
const CYRILLIC = [...'йцукенгшщзхъфывапролджэячсмитьбю'];
const CZECH = [
  ['+', 'Digit1'],
  ['ě', 'Digit2'],
  ['š', 'Digit3'],
  ['č', 'Digit4'],
  ['ř', 'Digit5'],
  ['ž', 'Digit6'],
  ['ý', 'Digit7'],
  ['á', 'Digit8'],
  ['í', 'Digit9'],
  ['ú', 'BracketLeft'],
  ['ů', 'Semicolon'],
];

/** Dispatches presses as a keyboard would; tells how many of them the page took for commands. */
const press = (page, where, presses) =>
  page.evaluate(
    ([selector, keys]) => {
      const target = selector ? document.querySelector(selector) : document.body;
      target.focus?.();
      let taken = 0;
      for (const one of keys) {
        const event = new KeyboardEvent('keydown', { bubbles: true, cancelable: true, ...one });
        if (!target.dispatchEvent(event)) taken += 1;
      }
      return taken;
    },
    [where, presses],
  );

const plain = (letter) => letter.normalize('NFD')[0].toUpperCase();

/** Every letter of three languages in a field: nothing is taken, nothing opens, nobody leaves. */
async function typing(page, base, id) {
  await page.goto(`${base}/#/inbox/all/${id}?state=any`);
  const field = '.composer textarea';
  await page.locator(field).waitFor();
  const address = page.url();
  const polish = POLISH.flatMap((key) => {
    const shiftKey = key !== key.toLowerCase();
    const base = { key, code: `Key${plain(key)}`, shiftKey };
    return [base, { ...base, altKey: true, ctrlKey: true }, { ...base, modifierAltGraph: true }];
  });
  const dead = ['e', 'c', 'r', 'z', 's', 'a'].flatMap((key) => [
    { key: 'Dead', code: 'Equal' },
    { key, code: `Key${key.toUpperCase()}` },
  ]);
  const czech = CZECH.map(([key, code]) => ({ key, code }));
  const russian = CYRILLIC.map((key, at) => ({
    key,
    code: `Key${'QWERTYUIOPASDFGHJKLZXCVBNM'[at % 26]}`,
  }));
  for (const [name, presses] of Object.entries({ polish, dead, czech, russian }))
    assert.equal(await press(page, field, presses), 0, `${name}: a letter was taken for a command`);
  assert.equal(await page.locator('dialog[open]').count(), 0);
  assert.equal(page.url(), address);
  // AltGr letters and a letter after a dead key mean nothing outside of fields either.
  const outside = [
    ...polish.filter((one) => one.altKey || one.modifierAltGraph),
    ...dead.slice(0, 2),
  ];
  assert.equal(await press(page, null, outside), 0, 'letters outside of fields');
}

/** The same commands by what lies at their place on each layout. */
async function layouts(page, base) {
  const questions = {
    cs: { key: '?', code: 'Comma', shiftKey: true },
    pl: { key: '?', code: 'Slash', shiftKey: true },
    ru: { key: '?', code: 'Digit7', shiftKey: true },
  };
  const palettes = {
    cs: { key: 'k', code: 'KeyK', ctrlKey: true },
    pl: { key: 'k', code: 'KeyK', ctrlKey: true },
    ru: { key: 'л', code: 'KeyK', ctrlKey: true },
  };
  const inbox = {
    cs: ['g', 'i'],
    pl: ['g', 'i'],
    ru: ['п', 'ш'],
  };
  const closed = async () => {
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'detached' });
  };
  for (const layout of ['cs', 'pl', 'ru']) {
    await page.goto(`${base}/#/profile/keys`);
    await page.locator('.key-line').first().waitFor();
    assert.equal(await press(page, null, [questions[layout]]), 1, `${layout}: ?`);
    await page.locator('.keys-group').first().waitFor();
    await closed();
    assert.equal(await press(page, null, [palettes[layout]]), 1, `${layout}: palette`);
    await page.locator('.palette').waitFor();
    await closed();
    const [first, second] = inbox[layout];
    await press(page, null, [
      { key: first, code: 'KeyG' },
      { key: second, code: 'KeyI' },
    ]);
    await page.waitForURL(/#\/inbox\/mine/);
  }
}

async function palette(page, base) {
  await page.goto(`${base}/#/inbox/mine`);
  await page.locator('.top-bar').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('notif'); // at once: what follows the keys is the palette's, no command's
  const line = page.locator('.palette-input');
  assert.equal(await line.inputValue(), 'notif');
  await page.locator('[role=option][aria-selected=true]').first().waitFor();
  assert.match(await line.getAttribute('aria-activedescendant'), /^choice-/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/#\/profile\/notices/);
  await page.locator('.ways').waitFor();
  const slow = await page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    document.querySelector('.palette-button').click();
    while (!document.querySelector('.palette-input')) await frame();
    const input = document.querySelector('.palette-input');
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
    const times = [];
    for (const text of ['c', 'cl', 'clo', 'clos', 'close']) {
      const before = performance.now();
      set.call(input, text);
      input.dispatchEvent(new Event('input', { bubbles: true }));
      times.push(performance.now() - before);
      await frame();
    }
    return Math.max(...times);
  });
  console.log(`     palette: slowest key ${slow.toFixed(1)} ms`);
  await page.keyboard.press('Escape');
}

async function panels(page, base, id) {
  await page.goto(`${base}/#/inbox/all/${id}?state=any`);
  await page.locator('.composer').waitFor();
  const seen = new Set();
  for (let at = 0; at < 8; at += 1) {
    await page.keyboard.press('F6');
    seen.add(
      await page.evaluate(() => {
        const inside = document.activeElement?.closest(
          '[data-panel], .list-panel, .composer, .case-panel',
        );
        return inside?.dataset.panel ?? inside?.className ?? 'nowhere';
      }),
    );
  }
  assert.ok(seen.size >= 4, `F6 reached only ${[...seen].join(', ')}`);
  assert.ok(!seen.has('nowhere'), 'F6 lost the focus');
}

/** Another key for a command, refused when it is taken; high contrast; both put back. */
async function settings(page, base) {
  await page.goto(`${base}/#/profile/keys`);
  const line = page.locator('.key-line', { hasText: 'Run a macro' });
  await line.getByRole('button', { name: /^Change/ }).click();
  await page.keyboard.press('r');
  await line.getByText(/belongs to/).waitFor();
  await page.keyboard.press('y');
  await line.getByText('Y', { exact: true }).waitFor();
  const kept = async () => (await call(page, 'GET', '/v1/me/settings')).keys.macro;
  await until('the key is kept', async () => (await kept()) === 'y');
  await line.getByRole('button', { name: /^Reset/ }).click();
  await until('the key is put back', async () => (await kept()) === undefined);
  for (const theme of ['contrast', 'system']) {
    await page.goto(`${base}/#/profile`);
    await page.locator('.form-card select').nth(1).selectOption(theme);
    await until(`theme ${theme}`, () =>
      page.evaluate((name) => (document.documentElement.dataset.theme ?? 'system') === name, theme),
    );
  }
  for (const name of ['keys', 'notices']) {
    await page.goto(`${base}/#/profile/${name}`);
    await page.locator('.form-card').first().waitFor();
    assert.deepEqual(await axe(page), [], `axe on the settings: ${name}`);
  }
}

/** The worker keeps the shell: a reload without a line still shows our page. */
async function offlineStart(page, base) {
  await page.goto(`${base}/#/inbox/mine`);
  await page.reload();
  const ready = await page.evaluate(async () => {
    const worker = await navigator.serviceWorker.ready;
    return worker.active !== null;
  });
  assert.ok(ready);
  const manifest = await page.evaluate(async () => (await fetch('/manifest.webmanifest')).json());
  assert.equal(manifest.display, 'standalone');
  for (const { src } of manifest.icons)
    assert.equal(await page.evaluate(async (one) => (await fetch(one)).status, src), 200, src);
  await until('the worker has the page', () =>
    page.evaluate(() => navigator.serviceWorker.controller !== null),
  );
  await page.context().setOffline(true);
  await page.reload();
  await page.locator('.shell, .welcome').first().waitFor();
  await page.context().setOffline(false);
}

/** A push while nobody looks becomes a notice of the system; a click on it leads to the Case. */
async function pushed(page, base, id) {
  await page.context().grantPermissions(['notifications'], { origin: base });
  const worker = page.context().serviceWorkers()[0];
  assert.ok(worker, 'no service worker');
  const push = () =>
    worker.evaluate(async (about) => {
      const told = { kind: 'mention', id: 'push-1', case: about, title: 'Jana mentions you' };
      let work;
      const event = new PushEvent('push', { data: JSON.stringify(told) });
      event.waitUntil = (promise) => (work = promise);
      self.dispatchEvent(event);
      await work;
      return (await self.registration.getNotifications()).map((one) => one.title);
    }, id);
  assert.deepEqual(await push(), [], 'who looks at the page needs no notice');
  const known = page.faults.length;
  await page.goto('about:blank');
  page.faults.length = known; // an empty page keeps nothing, which is no fault of ours
  assert.deepEqual(await push(), ['Jana mentions you']);
  await page.goto(`${base}/#/inbox/all`);
  await page.locator('.shell').waitFor();
  await worker.evaluate(async () => {
    const [notification] = await self.registration.getNotifications();
    self.dispatchEvent(new NotificationEvent('notificationclick', { notification }));
  });
  await page.waitForURL((url) => url.hash === `#/case/${id}`);
}

/** What another application shares stands in the note of the Case one chooses; nothing is sent. */
async function shared(page, base) {
  const text = `Shared ${Date.now()}`;
  await page.evaluate(async (words) => {
    const form = new FormData();
    form.set('title', words);
    form.set('text', words);
    form.append('files', new File(['a meter'], 'meter.txt', { type: 'text/plain' }));
    await fetch('/share', { method: 'POST', body: form });
  }, text);
  await page.goto(`${base}/#/share`);
  await page.locator('.share-text', { hasText: text }).waitFor();
  assert.deepEqual(await axe(page), [], 'axe on sharing');
  await page.getByRole('searchbox', { name: 'Find a case' }).fill('an');
  await page.locator('.share-cases button').first().click();
  await page.locator('.composer-note .composer-text, .composer .composer-text').first().waitFor();
  await page.waitForFunction(
    (words) => document.querySelector('.composer-text')?.value.includes(words),
    text,
  );
  await page.locator('.uploads', { hasText: 'meter.txt' }).waitFor();
  await page.locator('.composer-text').fill('');
  await page.getByRole('button', { name: /Remove.*meter\.txt/ }).click();
}

/** First paint and a usable list, as this machine has them now: told, not judged. */
async function speed(page, base) {
  await page.goto(`${base}/#/inbox/all?state=any`);
  await page.reload();
  await page.locator('[role=option]').first().waitFor();
  const told = await page.evaluate(() => ({
    paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
    usable: performance.now(),
  }));
  console.log(
    `     first paint ${Math.round(told.paint)} ms, list usable ${Math.round(told.usable)} ms`,
  );
}

export async function shell(browser, server, signedIn, id, faults) {
  const state = await signedIn.context().storageState();
  state.origins = [];
  const page = await open(browser, server.address, { storageState: state });
  const base = server.address;
  await step('letters of three languages fire nothing', faults, () => typing(page, base, id));
  await step('commands work on three layouts', faults, () => layouts(page, base));
  await step('the palette finds and goes', faults, () => palette(page, base));
  await step('F6 walks the panels', faults, () => panels(page, base, id));
  await step('own keys and high contrast', faults, () => settings(page, base));
  await step('words forty per cent longer fit', faults, () => longWords(page, base, id));
  await step('the speed of a start', faults, () => speed(page, base));
  await step('a start without a line', faults, () => offlineStart(page, base));
  await step('a push leads to its case', faults, () => pushed(page, base, id));
  await step('share into a note', faults, () => shared(page, base));
  await undoing(page, base, faults);
  faults.push(...page.faults.map((one) => `shell: ${one}`));
  await page.context().close();
}
