// The widget in Chromium on a foreign page; PAGE, BASE, CHROMIUM come from the test that serves both.
import { AxeBuilder } from '@axe-core/playwright';
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';

const { PAGE, BASE, CHROMIUM, SHOTS } = process.env;
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'],
});
const failed = [];
let passed = 0;

async function pull(lever, given = {}) {
  const answer = await fetch(`${PAGE}/pull/${lever}`, {
    method: 'POST',
    body: JSON.stringify(given),
  });
  assert.equal(answer.status, 200, `${lever}: ${await answer.clone().text()}`);
  return answer.json();
}

const texts = async () => (await pull('state')).lines.map((line) => line[1]);

async function until(what, check, ms = 10_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not in time: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A fresh visitor; `ready` waits until the launcher is drawn. */
async function visitor({ lang = 'en', dark = false, prepare, wide = true } = {}) {
  const context = await browser.newContext({
    locale: lang,
    colorScheme: dark ? 'dark' : 'light',
    viewport: wide ? { width: 1000, height: 800 } : { width: 390, height: 800 },
  });
  const page = await context.newPage();
  const log = { errors: [], urls: [] };
  page.on('console', (told) => told.type() === 'error' && log.errors.push(told.text()));
  page.on('pageerror', (error) => log.errors.push(String(error)));
  page.on('request', (request) => log.urls.push(request.url()));
  if (prepare) await prepare(page, context);
  await page.goto(`${PAGE}/?lang=${lang}`);
  const launcher = page.locator('polyphony-chat .launcher');
  await launcher.waitFor();
  return { context, page, log, launcher };
}

const write = (page, text) => page.locator('polyphony-chat textarea').fill(text);
async function say(page, text) {
  await write(page, text);
  await page.keyboard.press('Enter');
}
const line = (page, text) => page.locator('polyphony-chat .line', { hasText: text });
const tick = (page, text, state) =>
  line(page, text).locator(`.tick.${state}`).waitFor({ timeout: 10_000 });

async function check(name, act) {
  try {
    await act();
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed.push(`${name}: ${error.stack ?? error}`);
    console.log(`FAIL ${name}: ${error.stack ?? error}`);
  } finally {
    for (const context of browser.contexts()) await context.close();
  }
}

await check(
  'sizes: the loader within 3 KB, everything a visitor loads within 20 KB gzipped',
  async () => {
    const sizes = {};
    for (const name of [
      'w.js',
      'widget/app.js',
      'widget/en.json',
      'widget/cs.json',
      'widget/pl.json',
      'widget/ru.json',
    ]) {
      const answer = await fetch(`${BASE}/${name}`);
      assert.equal(answer.status, 200, name);
      assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin', name);
      sizes[name] = gzipSync(Buffer.from(await answer.arrayBuffer()), { level: 9 }).length;
    }
    const words = Math.max(
      ...Object.entries(sizes).flatMap(([name, size]) => (name.endsWith('.json') ? [size] : [])),
    );
    const all = sizes['w.js'] + sizes['widget/app.js'] + words;
    console.log(JSON.stringify({ ...sizes, all }));
    assert.ok(sizes['w.js'] <= 3000);
    assert.ok(all <= 20_000, String(all));
  },
);

await check(
  'nothing is set before it is used: no session, no storage, no cookie, no foreign host',
  async () => {
    const before = (await pull('state')).sessions;
    const { page, context, log } = await visitor();
    await page.waitForTimeout(500);
    assert.equal((await pull('state')).sessions, before);
    assert.equal(await page.evaluate(() => localStorage.length), 0);
    assert.deepEqual(await context.cookies(), []);
    assert.ok(
      log.urls.every((url) => url.startsWith(PAGE) || url.startsWith(BASE)),
      log.urls.join(),
    );
    assert.ok(!log.urls.some((url) => url.includes('/v1/')), log.urls.join());
    assert.deepEqual(
      log.errors.filter((text) => !text.includes('favicon')),
      [],
    );
  },
);

await check('a chat by keyboard: open, write, ticks to read, answer, reading is told', async () => {
  const { page, context, launcher, log } = await visitor();
  await launcher.focus();
  await page.keyboard.press('Enter');
  await page.locator('polyphony-chat textarea:focus').waitFor();
  await page.keyboard.type('Where is my parcel?');
  await page.keyboard.press('Enter');
  await tick(page, 'Where is my parcel?', 'delivered');
  await pull('seen');
  await tick(page, 'Where is my parcel?', 'read');
  await pull('answer', { text: 'It is on its way.' });
  await line(page, 'It is on its way.').waitFor();
  assert.match(await line(page, 'It is on its way.').innerText(), /Jana/);
  await until('read tick for the agent', async () =>
    (await pull('state')).lines.some((one) => one[1] === 'It is on its way.' && one[2] === 'read'),
  );
  await page.keyboard.press('Escape');
  await page.locator('polyphony-chat .launcher:focus').waitFor();
  assert.equal(await page.locator('polyphony-chat .panel').count(), 0);
  await pull('answer', { text: 'Anything else?' });
  await page.locator('polyphony-chat .badge', { hasText: '1' }).waitFor();
  assert.match(await launcher.getAttribute('aria-label'), /1 new message/);
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(
    log.errors.filter((text) => !text.includes('favicon')),
    [],
  );
});

await check('typing shows for an answer and not for a note', async () => {
  const { page, launcher } = await visitor();
  await launcher.click();
  await say(page, 'Do you see me?');
  await tick(page, 'Do you see me?', 'delivered');
  await pull('typing', { mode: 'note' });
  await page.waitForTimeout(300);
  assert.equal(await page.locator('polyphony-chat .dots').count(), 0);
  await pull('typing', { mode: 'reply' });
  await page.locator('polyphony-chat .dots').waitFor();
  await pull('answer', { text: 'Yes.' });
  await line(page, 'Yes.').waitFor();
  await page.locator('polyphony-chat .dots').waitFor({ state: 'detached' });
});

await check(
  'what was written survives a lost answer and a reload, and arrives exactly once',
  async () => {
    let mode = 'through';
    const { page, launcher } = await visitor({
      prepare: (fresh) =>
        fresh.route('**/v1/chat/messages', async (route) => {
          if (route.request().method() !== 'POST' || mode === 'through') return route.continue();
          if (mode === 'lost') await route.fetch(); // it arrived, but its answer gets lost
          return route.abort();
        }),
    });
    await launcher.click();
    await say(page, 'zero');
    await tick(page, 'zero', 'delivered');
    mode = 'lost';
    await say(page, 'one');
    await until('one is kept', async () => (await texts()).includes('one'));
    mode = 'cut';
    await say(page, 'two');
    await say(page, 'three');
    await tick(page, 'three', 'queued');
    await page.reload();
    await page.locator('polyphony-chat .launcher').click();
    await tick(page, 'three', 'queued');
    mode = 'through';
    await page.evaluate(() => dispatchEvent(new Event('online')));
    for (const text of ['one', 'two', 'three']) await tick(page, text, 'delivered');
    const all = await texts();
    for (const text of ['zero', 'one', 'two', 'three'])
      assert.equal(all.filter((one) => one === text).length, 1, `${text}: ${all}`);
    const order = ['zero', 'one', 'two', 'three'].map((text) => all.indexOf(text));
    assert.deepEqual(
      order,
      [...order].sort((a, b) => a - b),
    );
    for (const text of ['zero', 'one', 'two', 'three'])
      assert.equal(await line(page, text).count(), 1);
    assert.equal(
      await page.evaluate(
        () => Object.keys(localStorage).filter((k) => k.endsWith('outbox')).length,
      ),
      0,
    );
  },
);

await check('a refused line says so, can be tried again or thrown away', async () => {
  let refuse = true;
  const { page, launcher } = await visitor({
    prepare: (fresh) =>
      fresh.route('**/v1/chat/messages', (route) =>
        refuse && route.request().method() === 'POST'
          ? route.fulfill({
              status: 422,
              headers: { 'access-control-allow-origin': PAGE },
              contentType: 'application/problem+json',
              body: '{"code":"chat.files"}',
            })
          : route.continue(),
      ),
  });
  await launcher.click();
  await say(page, 'first try');
  await say(page, 'never mind');
  await tick(page, 'first try', 'failed');
  await tick(page, 'never mind', 'failed');
  await line(page, 'never mind').getByRole('button', { name: 'Discard' }).click();
  await line(page, 'never mind').waitFor({ state: 'detached' });
  refuse = false;
  await line(page, 'first try').getByRole('button', { name: 'Try again' }).click();
  await tick(page, 'first try', 'delivered');
  const all = await texts();
  assert.equal(all.filter((one) => one === 'first try').length, 1);
  assert.ok(!all.includes('never mind'));
});

await check('a broken line comes back and shows what was said meanwhile', async () => {
  const { page, launcher } = await visitor();
  await launcher.click();
  await say(page, 'before the cut');
  await tick(page, 'before the cut', 'delivered');
  for (let round = 0; round < 5; round += 1) {
    await pull('drop');
    await pull('answer', { text: `meanwhile ${round}` });
    await line(page, `meanwhile ${round}`).waitFor();
  }
  const shown = await page.locator('polyphony-chat .line.agent p').allInnerTexts();
  assert.deepEqual(
    shown,
    [0, 1, 2, 3, 4].map((n) => `meanwhile ${n}`),
  );
});

await check('where sockets are forbidden the poll does it', async () => {
  const { page, launcher } = await visitor({
    prepare: (fresh) =>
      fresh.addInitScript(() => {
        window.WebSocket = class {
          constructor() {
            setTimeout(() => this.onclose?.(), 5);
          }
          close() {}
          send() {}
        };
      }),
  });
  await launcher.click();
  await say(page, 'over the poll');
  await tick(page, 'over the poll', 'sent').catch(() => undefined);
  await tick(page, 'over the poll', 'delivered');
  await pull('answer', { text: 'heard by poll' });
  await line(page, 'heard by poll').waitFor({ timeout: 15_000 });
});

await check('a typed address needs the mailed code', async () => {
  const { page, launcher } = await visitor();
  await launcher.click();
  await say(page, 'I have to go');
  await tick(page, 'I have to go', 'delivered');
  const chat = page.locator('polyphony-chat');
  await chat.getByRole('button', { name: 'Get the answer by e-mail too' }).click();
  await chat.getByLabel('Your e-mail').fill('Eva@Example.org');
  await chat.getByRole('button', { name: 'Send me a code' }).click();
  await chat.getByText('We sent a 6-digit code to eva@example.org').waitFor();
  const { code } = await pull('code');
  await chat.getByLabel('Code').fill(String((Number(code) + 1) % 1_000_000).padStart(6, '0'));
  await chat.getByRole('button', { name: 'Confirm' }).click();
  await chat.getByText('Tries left: 2').waitFor();
  await chat.getByLabel('Code').fill(code);
  await page.keyboard.press('Enter');
  await chat.getByText('our answers go to eva@example.org').waitFor();
});

await check('a file is sent and received', async () => {
  const { page, launcher } = await visitor();
  await launcher.click();
  await page.locator('polyphony-chat input[type=file]').setInputFiles({
    name: 'účet č. 1.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('obsah'),
  });
  await page.locator('polyphony-chat .chip', { hasText: 'účet č. 1.txt' }).waitFor();
  await say(page, 'here it is');
  await tick(page, 'here it is', 'delivered');
  assert.ok((await pull('state')).lines.some((one) => one[1] === 'here it is' && one[3] === 1));
  const fetched = page.waitForEvent('download');
  await line(page, 'here it is').getByRole('button', { name: /účet/ }).click();
  const download = await fetched;
  assert.equal(download.suggestedFilename(), 'účet č. 1.txt');
});

await check('it works with storage blocked', async () => {
  const { page, launcher, log } = await visitor({
    prepare: (fresh) =>
      fresh.addInitScript(() => {
        Object.defineProperty(window, 'localStorage', {
          get() {
            throw new DOMException('blocked', 'SecurityError');
          },
        });
      }),
  });
  await launcher.click();
  await say(page, 'no storage here');
  await tick(page, 'no storage here', 'delivered');
  assert.deepEqual(
    log.errors.filter((text) => !text.includes('favicon')),
    [],
  );
});

await check('closed hours are said', async () => {
  await pull('hours', { open: 'no' });
  const { page, launcher } = await visitor({ lang: 'cs' });
  await launcher.click();
  await page.locator('polyphony-chat .note', { hasText: 'zavřeno' }).waitFor();
  await pull('hours', { open: 'yes' });
});

await check('what an agent or a customer writes is never more than text', async () => {
  const { page, launcher } = await visitor();
  await launcher.click();
  const evil = '<img src=x onerror="document.title=1"> javascript:alert(1) https://ok.example/a"b';
  await say(page, evil);
  await tick(page, 'onerror', 'delivered');
  await pull('answer', { text: evil });
  await until('both lines', async () => (await line(page, 'onerror').count()) === 2);
  assert.equal(await page.locator('polyphony-chat .line img').count(), 0);
  const links = await page
    .locator('polyphony-chat .line a')
    .evaluateAll((all) => all.map((a) => a.href));
  assert.deepEqual(new Set(links), new Set(['https://ok.example/a']));
  assert.equal(await page.title(), 'Shop');
});

for (const lang of ['en', 'cs', 'pl', 'ru'])
  await check(`accessible in ${lang}, light and dark, wide and narrow`, async () => {
    for (const dark of [false, true]) {
      const { page, launcher } = await visitor({ lang, dark, wide: !dark });
      await launcher.click();
      await say(page, 'Ahoj / Привет https://example.org');
      await tick(page, 'Ahoj', 'delivered');
      await pull('answer', { text: 'Dobrý den / Здравствуйте' });
      await line(page, 'Dobrý den').waitFor();
      await page.locator('polyphony-chat .mail button').click();
      await page.locator('polyphony-chat .mail input').waitFor();
      const found = await new AxeBuilder({ page }).include('polyphony-chat').analyze();
      assert.deepEqual(
        found.violations.map(
          (one) => `${one.id}: ${one.nodes.map((node) => node.html + node.failureSummary).join()}`,
        ),
        [],
      );
      const untranslated = await page
        .locator('polyphony-chat')
        .evaluate((host) => host.shadowRoot.innerHTML.includes('undefined'));
      assert.equal(untranslated, false);
      if (SHOTS)
        await page.screenshot({ path: `${SHOTS}/widget-${lang}-${dark ? 'dark' : 'light'}.png` });
    }
  });

await browser.close();
console.log(JSON.stringify({ passed, failed }));
process.exitCode = failed.length ? 1 : 0;
