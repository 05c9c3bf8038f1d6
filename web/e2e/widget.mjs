// The widget in Chromium on a foreign page; PAGE, BASE, CHROMIUM come from the test that serves both.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { violations } from './browser.mjs';

const { PAGE, BASE, CHROMIUM, SHOTS } = process.env;
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'],
});
const failed = [];
let passed = 0;
/** Ten by ten pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC',
  'base64',
);

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
async function visitor({
  lang = 'en',
  dark = false,
  prepare,
  wide = true,
  query = '',
  ...more
} = {}) {
  const context = await browser.newContext({
    locale: lang,
    colorScheme: dark ? 'dark' : 'light',
    viewport: wide ? { width: 1000, height: 800 } : { width: 360, height: 740 },
    ...more,
  });
  const page = await context.newPage();
  const log = { errors: [], urls: [] };
  page.on('console', (told) => told.type() === 'error' && log.errors.push(told.text()));
  page.on('pageerror', (error) => log.errors.push(String(error)));
  page.on('request', (request) => log.urls.push(request.url()));
  if (prepare) await prepare(page, context);
  await page.goto(`${PAGE}/?lang=${lang}${query}`);
  const launcher = page.locator('polyphony-chat .launcher');
  await launcher.waitFor();
  return { context, page, log, launcher };
}

const chat = (page) => page.locator('polyphony-chat');
const noErrors = (log) =>
  assert.deepEqual(
    log.errors.filter((text) => !text.includes('favicon')),
    [],
  );
const keyOf = (page) => page.evaluate(() => document.querySelector('script[data-key]').dataset.key);
/** A script that runs before ours, from the page's own origin: the policy forbids inline ones. */
const js = (text) => `&before=${encodeURIComponent(text)}`;

/** Every violation on the open screen, a line each. */
async function axe(page, what) {
  assert.deepEqual(
    (await violations(page, 'polyphony-chat')).map(
      (one) => `${what} ${one.id}: ${one.nodes.map((n) => n.html + n.failureSummary).join()}`,
    ),
    [],
  );
  const html = await chat(page).evaluate((host) => host.shadowRoot.innerHTML);
  assert.ok(!/undefined|\[object|\{\w+\}/.test(html), `${what}: a word is missing`);
  const small = await chat(page).evaluate((host) =>
    [...host.shadowRoot.querySelectorAll('button, input:not([hidden]), textarea')]
      .map((one) => [one, (one.closest('label.on, .stars label') ?? one).getBoundingClientRect()])
      .filter(
        ([one, box]) =>
          box.width && !one.closest('.foot') && Math.min(box.width, box.height) < 43.5,
      )
      .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}×${box.height}`),
  );
  assert.deepEqual(small, [], `${what}: targets under 44 px`);
}

const write = (page, text) => page.locator('polyphony-chat textarea').fill(text);
async function say(page, text) {
  await write(page, text);
  await page.keyboard.press('Enter');
}
const line = (page, text) => page.locator('polyphony-chat .line', { hasText: text });
const tick = (page, text, state) =>
  line(page, text).locator(`.tick.${state}`).waitFor({ timeout: 30_000 });

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
  'sizes: the loader within 3 KB, everything until one can type within 20 KB',
  async () => {
    const { page, launcher } = await visitor();
    await launcher.click();
    await page.locator('polyphony-chat textarea').fill('I can type');
    const sizes = {};
    const weigh = async (name) => {
      const answer = await fetch(`${BASE}/${name}`);
      assert.equal(answer.status, 200, name);
      assert.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin', name);
      return gzipSync(Buffer.from(await answer.arrayBuffer()), { level: 9 }).length;
    };
    const main = /parts\/main-[\w-]+\.js/.exec(await (await fetch(`${BASE}/w.js`)).text())[0];
    for (const name of ['w.js', 'packs/js/sdk.js', `widget/${main}`])
      sizes[name] = await weigh(name);
    for (const code of ['en', 'cs', 'pl', 'ru']) sizes[code] = await weigh(`widget/${code}.json`);
    const look = await fetch(`${BASE}/v1/chat/look?key=${await keyOf(page)}`, {
      headers: { Origin: PAGE },
    });
    sizes.look = gzipSync(Buffer.from(await look.arrayBuffer())).length;
    const words = Math.max(sizes.en, sizes.cs, sizes.pl, sizes.ru);
    const first = sizes['w.js'] + sizes[`widget/${main}`] + words + sizes.look;
    const parts = await page.evaluate(
      (base) =>
        performance
          .getEntriesByType('resource')
          .map((one) => one.name)
          .filter((one) => one.startsWith(`${base}/widget/`)),
      BASE,
    );
    let all = sizes['w.js'] + sizes.look;
    for (const one of parts) all += await weigh(one.replace(`${BASE}/`, ''));
    console.log(JSON.stringify({ ...sizes, first, all_of_a_talk: all }));
    assert.ok(sizes['w.js'] <= 3000 && sizes['packs/js/sdk.js'] <= 3000);
    assert.ok(first <= 20_000, String(first));
  },
);

await check('nothing is set before it is used: one look, no session, storage, cookie', async () => {
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
  const asked = log.urls.filter((url) => url.includes('/v1/'));
  assert.equal(asked.length, 1, asked.join());
  assert.ok(asked[0].includes('/v1/chat/look?'), asked[0]);
  noErrors(log);
});

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
  noErrors(log);
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
  await line(page, 'heard by poll').waitFor({ timeout: 30_000 });
});

await check('a typed address needs the mailed code', async () => {
  const { page, launcher } = await visitor();
  await launcher.click();
  await say(page, 'I have to go');
  await tick(page, 'I have to go', 'delivered');
  const here = chat(page);
  await here.getByRole('button', { name: 'Continue elsewhere' }).click();
  await here.getByLabel('Your e-mail').fill('Eva@Example.org');
  await here.getByRole('button', { name: 'Send me a code' }).click();
  await here.getByText('We sent a 6-digit code to eva@example.org').waitFor();
  await axe(page, 'code');
  const { code } = await pull('code');
  await here.getByLabel('Code').fill(String((Number(code) + 1) % 1_000_000).padStart(6, '0'));
  await here.getByRole('button', { name: 'Confirm' }).click();
  await here.getByText('Tries left: 2').waitFor();
  await here.getByLabel('Code').fill(code);
  await page.keyboard.press('Enter');
  await here.getByText('our answers go to eva@example.org').waitFor();
  await here.getByRole('button', { name: 'Send me a copy' }).click();
  await here.getByText('A copy is on its way to eva@example.org').waitFor();
  const { mailed } = await pull('state');
  assert.equal(mailed.length, 1);
  assert.equal(mailed[0][0], 'eva@example.org');
  assert.match(mailed[0][2], /You · .*\nI have to go/);
  await page.keyboard.press('Escape');
  await line(page, 'I have to go').waitFor();
});

await check('a file is sent and received', async () => {
  const { page, launcher } = await visitor();
  await launcher.click();
  await page.locator('polyphony-chat input.clip').setInputFiles({
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
  noErrors(log);
});

await check('closed hours are said', async () => {
  await pull('hours', { open: 'no' });
  const { page, launcher } = await visitor({ lang: 'cs' });
  await launcher.click();
  await chat(page).locator('.hero .shut', { hasText: 'zavřeno' }).waitFor();
  await axe(page, 'closed');
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

await check(
  'several matters side by side: begun, switched, unread each, kept over a reload',
  async () => {
    await pull('clear');
    const { page, launcher } = await visitor();
    await launcher.click();
    await say(page, 'The parcel');
    await tick(page, 'The parcel', 'delivered');
    await pull('take');
    await chat(page).getByText('You now talk with Jana').waitFor();
    await chat(page).locator('.bar h2', { hasText: 'Jana' }).waitFor();
    await chat(page).getByRole('button', { name: 'Back' }).click();
    await say(page, 'The invoice');
    await tick(page, 'The invoice', 'delivered');
    assert.equal(await line(page, 'The parcel').count(), 0);
    await pull('answer', { text: 'About the parcel' });
    await until('the answer here, unread', async () => {
      await chat(page)
        .getByRole('button', { name: 'Back' })
        .click()
        .catch(() => undefined);
      return (await chat(page).locator('.matter .badge').count()) === 1;
    });
    const first = chat(page).locator('.matter', { hasText: 'The parcel' });
    assert.match(await first.innerText(), /About the parcel/);
    await axe(page, 'matters');
    await page.reload();
    await chat(page).locator('.launcher .badge', { hasText: '1' }).waitFor();
    await launcher.click();
    await first.click();
    await line(page, 'About the parcel').waitFor();
    await until('read', async () =>
      (await pull('state')).lines.some((one) => one[1] === 'About the parcel' && one[2] === 'read'),
    );
    const found = (await pull('state')).lines.map((one) => one[1]);
    assert.ok(found.includes('The parcel') && found.includes('The invoice'));
  },
);

await check(
  'an article that fits stands above the first line, in the visitor’s language',
  async () => {
    await pull('article', {
      url: 'https://shop.example/meter',
      titles: { en: 'How to read your meter', cs: 'Jak odečíst elektroměr' },
    });
    const { page, launcher } = await visitor({
      lang: 'cs',
      prepare: (fresh) =>
        fresh.route('**/v1/chat/sessions', async (route) => {
          await fresh.waitForTimeout(1_500); // who writes before the door is open is helped, too
          await route.continue();
        }),
    });
    await launcher.click();
    await write(page, 'Mám dotaz k elektroměru');
    const link = chat(page).locator('.perhaps a', { hasText: 'Jak odečíst elektroměr' });
    await link.waitFor();
    assert.equal(await link.getAttribute('href'), 'https://shop.example/meter');
    assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
    await axe(page, 'articles');
    await write(page, 'Něco jiného');
    await link.waitFor({ state: 'detached' });
  },
);

await check('the place in the line is told and moves; the visitor may leave', async () => {
  await pull('clear');
  const { page, launcher } = await visitor();
  await launcher.click();
  await pull('line', { before: 2 }); // first: nobody who is next is ever told that others come before
  await say(page, 'Am I next?');
  await tick(page, 'Am I next?', 'delivered');
  await chat(page).locator('.card', { hasText: '2 before you' }).waitFor({ timeout: 30_000 });
  await chat(page).getByText('You need not wait here').waitFor();
  await axe(page, 'waiting');
  await pull('take');
  await chat(page).getByText('You now talk with Jana').waitFor();
  await chat(page).locator('.card', { hasText: 'before you' }).waitFor({ state: 'detached' });
  await pull('finish');
  await chat(page).getByText('How was it?').waitFor();
  await axe(page, 'rating');
  await chat(page).getByLabel('4 of 5').check();
  await chat(page).getByLabel('Anything you want to add?').fill('Nice <b>and</b> quick');
  await axe(page, 'words of a rating');
  await chat(page).locator('.card').getByRole('button', { name: 'Send' }).click();
  await chat(page).getByText('Thank you for your opinion.').waitFor();
  assert.deepEqual((await pull('state')).ratings, [[4, 'Nice <b>and</b> quick']]);
  await pull('clear');
});

await check('a link brings the chat to another device, once', async () => {
  const { page, launcher, context } = await visitor();
  await launcher.click();
  await say(page, 'Take me along');
  await tick(page, 'Take me along', 'delivered');
  await chat(page).getByRole('button', { name: 'Continue elsewhere' }).click();
  await chat(page).getByRole('button', { name: 'Show link and QR code' }).click();
  const url = await chat(page).locator('.url').innerText();
  await until('the code is drawn', () =>
    chat(page)
      .locator('canvas.qr')
      .evaluate((one) => one.width > 200),
  );
  await axe(page, 'link');
  const phone = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const there = await phone.newPage();
  await there.goto(url);
  await line(there, 'Take me along').waitFor();
  assert.ok(!there.url().includes('polyphony='), there.url());
  await say(there, 'Here I am');
  await line(page, 'Here I am')
    .waitFor({ state: 'attached' })
    .catch(() => undefined);
  await chat(page).getByRole('button', { name: 'Back' }).click();
  await line(page, 'Here I am').waitFor();
  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto(url);
  await chat(stranger).locator('.panel').waitFor();
  await stranger.waitForTimeout(500);
  assert.equal(await line(stranger, 'Take me along').count(), 0);
  await context.close();
});

await check('who writes before his link is taken goes on in his chat all the same', async () => {
  const { page, launcher, context } = await visitor();
  await launcher.click();
  await say(page, 'One matter only');
  await tick(page, 'One matter only', 'delivered');
  await chat(page).getByRole('button', { name: 'Continue elsewhere' }).click();
  await chat(page).getByRole('button', { name: 'Show link and QR code' }).click();
  const url = await chat(page).locator('.url').innerText();
  await context.close();
  const { cases } = await pull('state');
  const phone = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true });
  const there = await phone.newPage();
  let asked = 0;
  let letIn;
  const held = new Promise((done) => (letIn = done));
  await there.route('**/v1/chat/sessions', async (route) => {
    asked += 1;
    if (asked < 3) return route.abort(); // a phone on the edge of its network
    await held;
    return route.continue();
  });
  await there.goto(url);
  await until('the link was tried', () => asked);
  await there.goto(url.split('#')[0]); // even a reload does not lose it
  await until('it is tried again', () => asked > 2);
  await chat(there).getByText('Connecting to your conversation').waitFor();
  await axe(there, 'a link is being taken');
  const box = chat(there).locator('textarea');
  await box.focus();
  await there.keyboard.type('Written early');
  await there.keyboard.press('Enter');
  assert.equal(await box.inputValue(), 'Written early');
  assert.ok(!(await texts()).includes('Written early'));
  letIn();
  await line(there, 'One matter only').waitFor();
  await tick(there, 'Written early', 'delivered');
  await chat(there).locator('textarea:focus').waitFor();
  assert.equal(await box.inputValue(), '');
  const now = await pull('state');
  assert.equal(now.cases, cases);
  assert.equal(now.lines.filter((one) => one[1] === 'Written early').length, 1);
});

await check('on a machine whose clock is a day off today is today', async () => {
  const { page, launcher } = await visitor({
    prepare: (fresh) =>
      fresh.addInitScript((skew) => {
        const real = Date.now;
        globalThis.Date = class extends Date {
          constructor(...given) {
            super(...(given.length ? given : [real() + skew]));
          }
          static now = () => real() + skew;
        };
      }, 26 * 3_600_000),
  });
  await launcher.click();
  await say(page, 'What day is it?');
  await tick(page, 'What day is it?', 'delivered');
  assert.equal(await chat(page).locator('.day').count(), 0);
  await chat(page).getByRole('button', { name: 'Back' }).click();
  assert.match(await chat(page).locator('.matter time').innerText(), /^\d\d?:\d\d/);
});

await check('files by paste and drop, a photo is shown, the draft survives', async () => {
  const { page, launcher } = await visitor();
  await launcher.click();
  await write(page, 'half a sentence');
  await page.reload();
  await launcher.click();
  assert.equal(await chat(page).locator('textarea').inputValue(), 'half a sentence');
  await chat(page)
    .locator('textarea')
    .evaluate(
      (box, bytes) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], 'pasted.png', { type: 'image/png' }));
        box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
      },
      [...PNG],
    );
  await chat(page).locator('.chip', { hasText: 'pasted.png' }).waitFor();
  await chat(page)
    .locator('.panel')
    .evaluate((panel) => {
      const data = new DataTransfer();
      data.items.add(new File(['text'], 'dropped.txt', { type: 'text/plain' }));
      for (const type of ['dragover', 'drop'])
        panel.dispatchEvent(
          new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }),
        );
    });
  await chat(page).locator('.chip', { hasText: 'dropped.txt' }).waitFor();
  await chat(page).getByRole('button', { name: 'Send' }).click();
  await tick(page, 'half a sentence', 'delivered');
  await until('the photo is drawn', () =>
    chat(page)
      .locator('.photo canvas')
      .evaluate((one) => one.width === 10),
  );
  await axe(page, 'files');
});

await check('a photo from the camera of a phone', async () => {
  const { page, launcher } = await visitor({ wide: false, hasTouch: true, isMobile: true });
  await launcher.tap();
  const camera = chat(page).locator('input.camera');
  assert.equal(await camera.getAttribute('capture'), 'environment');
  assert.equal(await camera.getAttribute('accept'), 'image/*');
  const opened = page.waitForEvent('filechooser');
  await chat(page).getByRole('button', { name: 'Take a photo' }).tap();
  await (await opened).setFiles({ name: 'meter.png', mimeType: 'image/png', buffer: PNG });
  await chat(page).locator('.chip', { hasText: 'meter.png' }).waitFor();
  await write(page, 'This is what it shows');
  await chat(page).getByRole('button', { name: 'Send' }).tap();
  await tick(page, 'This is what it shows', 'delivered');
  await until('the photo is drawn', () =>
    chat(page)
      .locator('.photo canvas')
      .evaluate((one) => one.width === 10),
  );
});

await check('words forty per cent longer fit, on a wide and on a narrow page', async () => {
  const words = JSON.parse(readFileSync(new URL('../apps/widget/words/en.json', import.meta.url)));
  const texts = Object.fromEntries(
    Object.entries(words)
      .filter(([, text]) => typeof text === 'string')
      .map(([key, text]) => [
        key,
        text + 'ěščřž'.repeat(40).slice(0, Math.ceil(text.length * 0.4)),
      ]),
  );
  const query = js(`window.polyphonySettings=${JSON.stringify({ texts })}`);
  for (const wide of [true, false]) {
    const { page, launcher } = await visitor({ query, wide });
    const fits = async (what) => {
      const wrong = await chat(page).evaluate((host) => {
        const panel = host.shadowRoot.querySelector('.panel');
        const edge = panel.getBoundingClientRect();
        return [...panel.querySelectorAll('button, p, h2, h3, label, .two')]
          .filter((one) => !one.closest('.hidden') && one.getClientRects().length > 0)
          .map((one) => [one, one.getBoundingClientRect()])
          .filter(([, box]) => box.left < edge.left - 1 || box.right > edge.right + 1)
          .map(([one]) => one.outerHTML.slice(0, 80));
      });
      assert.deepEqual(wrong, [], what);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${what}: ${over} px too wide`);
    };
    await launcher.click();
    await chat(page).locator('textarea').waitFor();
    await fits('home');
    await say(page, 'How long are these words?');
    await tick(page, 'How long', 'delivered');
    await fits('a talk');
    await chat(page).locator('.bar button').nth(1).click();
    await chat(page).locator('.places input').waitFor();
    await fits('elsewhere');
  }
});

await check('the interface for scripts: early calls, events, theme, texts, shutdown', async () => {
  const early = `window.heard=[];window.polyphonySettings={theme:'dark',texts:{write:'Schreiben Sie …'}};
    window.Polyphony=function(){(Polyphony.q=Polyphony.q||[]).push(arguments)};
    ['ready','open','close','unread','message'].forEach(n=>Polyphony('on',n,t=>heard.push([n,t])));
    Polyphony('startCase','I want to cancel');`;
  const { page, log } = await visitor({ query: js(early) });
  await chat(page).locator('.root.dark textarea').waitFor();
  const box = chat(page).locator('textarea');
  assert.equal(await box.inputValue(), 'I want to cancel');
  assert.equal(await box.getAttribute('placeholder'), 'Schreiben Sie …');
  await page.keyboard.press('Enter');
  await tick(page, 'I want to cancel', 'delivered');
  await page.evaluate(() => Polyphony('close'));
  await chat(page).locator('.panel').waitFor({ state: 'detached' });
  await page.evaluate(() => Polyphony('setLocale', 'pl'));
  await chat(page).locator('.root[lang=pl]').waitFor();
  const heard = await page.evaluate(() => window.heard.map(([name]) => name));
  for (const name of ['ready', 'open', 'close', 'unread', 'message'])
    assert.ok(heard.includes(name), `${name}: ${heard}`);
  assert.ok(heard.indexOf('ready') < heard.indexOf('close'));
  await page.evaluate(() => Polyphony('shutdown'));
  assert.equal(await page.locator('polyphony-chat').count(), 0);
  noErrors(log);
});

await check('a page with the snippet of Chatwoot works with another script address', async () => {
  const { page, log, launcher } = await visitor({ query: '&former=1' });
  assert.match(await launcher.innerText(), /Talk to us/);
  await chat(page).locator('.root.left').waitFor();
  await chat(page).locator('.root[lang=cs]').waitFor();
  await page.evaluate(() => window.$chatwoot.toggle('open'));
  await chat(page).locator('textarea').waitFor();
  await say(page, 'From the old snippet');
  await tick(page, 'From the old snippet', 'delivered');
  await until('what the page said of him', async () =>
    (await pull('state')).told.some((one) => one.plan === 'gold'),
  );
  await pull('answer', { text: 'Hello from the new one' });
  await line(page, 'Hello from the new one').waitFor();
  await page.evaluate(() => window.$chatwoot.toggle());
  await chat(page).locator('.panel').waitFor({ state: 'detached' });
  const heard = await page.evaluate(() => [...new Set(window.heard)].sort());
  assert.deepEqual(heard, ['closed', 'on-message', 'opened', 'ready']);
  await page.evaluate(() => window.$chatwoot.reset());
  await until('forgotten', () =>
    page.evaluate(() => !Object.keys(localStorage).some((one) => one.endsWith(':token'))),
  );
  noErrors(log);
});

await check('in a frame of its own: exact origins, calls in, events out', async () => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const page = await context.newPage();
  const errors = [];
  page.on('console', (told) => told.type() === 'error' && errors.push(told.text()));
  await page.goto(`${PAGE}/?mode=iframe`);
  const frame = page.frameLocator('iframe');
  await frame.locator('polyphony-chat .launcher').waitFor();
  assert.equal(await page.locator('polyphony-chat').count(), 0);
  const small = await page.locator('iframe').boundingBox();
  assert.ok(small.width < 150 && small.height < 150, JSON.stringify(small));
  await page.evaluate(() => {
    window.heard = [];
    for (const name of ['open', 'message', 'unread']) Polyphony('on', name, () => heard.push(name));
    Polyphony('open');
  });
  await frame.locator('polyphony-chat textarea').fill('From inside the frame');
  await page.keyboard.press('Enter');
  await frame.locator('polyphony-chat .tick.delivered').waitFor();
  const large = await page.locator('iframe').boundingBox();
  assert.ok(large.width >= 380 && large.height >= 500, JSON.stringify(large));
  const heard = await page.evaluate(() => window.heard);
  assert.ok(heard.includes('open') && heard.includes('message'), heard.join());
  // a stranger's word counts for nothing, and the frame opens for no other page
  await page.evaluate(() => postMessage({ t: 'event', name: 'message', detail: 'forged' }, '*'));
  const key = await keyOf(page);
  const forged = await fetch(`${BASE}/widget/frame?key=${key}&origin=https://evil.example`);
  assert.equal(forged.status, 403);
  assert.deepEqual(await context.cookies(), []);
  assert.deepEqual(
    errors.filter((text) => !text.includes('favicon')),
    [],
  );
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/widget-frame.png` });
});

await check('a page of another origin gets no widget and is told why in the console', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const warned = [];
  page.on('console', (told) => told.type() === 'warning' && warned.push(told.text()));
  await page.goto(`${PAGE.replace('localhost', '127.0.0.1')}/`);
  await until('a warning', () => warned.some((text) => text.includes('may not show the chat')));
  assert.equal(await page.locator('polyphony-chat').count(), 0);
});

for (const lang of ['en', 'cs', 'pl', 'ru'])
  await check(`accessible in ${lang}, light and dark, wide and narrow`, async () => {
    await pull('clear');
    for (const dark of [false, true]) {
      await pull('style', { color: dark ? '#f59e0b' : '#1d4ed8' });
      const { page, launcher } = await visitor({ lang, dark, wide: !dark, hasTouch: dark });
      const shot = async (what) => {
        await axe(page, `${lang} ${what}`);
        if (!SHOTS) return;
        const name = `widget-${lang}-${dark ? 'dark' : 'light'}-${what}.png`;
        await page.screenshot({ path: `${SHOTS}/${name}` });
      };
      await launcher.click();
      await chat(page).locator('textarea').waitFor();
      await shot('home');
      await say(page, 'Ahoj / Привет https://example.org');
      await tick(page, 'Ahoj', 'delivered');
      await pull('answer', { text: 'Dobrý den / Здравствуйте' });
      await line(page, 'Dobrý den').waitFor();
      await shot('case');
      await chat(page).locator('.bar button').nth(1).click();
      await chat(page).locator('.places input').waitFor();
      await shot('elsewhere');
    }
  });

await check('from right to left: the same screens mirrored, nothing off the page', async () => {
  const { page, launcher } = await visitor({
    query: js('window.polyphonySettings={dir:"rtl"}'),
    wide: false,
  });
  await launcher.click();
  await say(page, 'שלום, איפה החבילה שלי?');
  await tick(page, 'שלום', 'delivered');
  await pull('answer', { text: 'Dobrý den' });
  await line(page, 'Dobrý den').waitFor();
  const [mine, theirs] = await Promise.all(
    ['.line.me p', '.line.agent p'].map((one) => chat(page).locator(one).first().boundingBox()),
  );
  assert.ok(mine.x < theirs.x, 'mine stands left where one reads from right to left');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, String(wide));
  await axe(page, 'rtl');
  if (SHOTS) await page.screenshot({ path: `${SHOTS}/widget-rtl.png` });
});

await browser.close();
console.log(JSON.stringify({ passed, failed }));
process.exitCode = failed.length ? 1 : 0;
