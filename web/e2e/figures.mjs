// How fast what happened is on the screen: a commit, an Offer's ring, a colleague who looks, an Offer that goes.
import assert from 'node:assert/strict';
import { open } from './browser.mjs';
import { call, step, until } from './steps.mjs';
import { arrive } from './visitor.mjs';

const NOTES = 20;
const RING = 2 * Math.PI * 19;
/** How wrong the clock of the window is, hours: what counts down must not care. */
const SKEW_MS = 5 * 3_600_000 + 90_000;

/** How soon things happen is judged on a machine that has time (FULL=1), else only that they do. */
const inTime = (good, what) => process.env.FULL === '1' && assert.ok(good, what);

const sorted = (values) => [...values].sort((a, b) => a - b);
const at = (values, part) =>
  Math.round(sorted(values)[Math.min(values.length - 1, Math.floor(part * values.length))]);

/** Notes kept by the server one after the other; each is timed from its own stamp to the DOM. */
async function commitToDom(window, page, id) {
  const mark = `Figure ${Date.now()}`;
  await window.evaluate((text) => {
    window.drawn = {};
    const look = () => {
      for (const line of document.querySelectorAll('.note-line')) {
        const number = new RegExp(`${text}\\.(\\d+)`).exec(line.textContent)?.[1];
        if (number) window.drawn[number] ??= performance.timeOrigin + performance.now();
      }
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  }, mark);
  const kept = [];
  for (let number = 0; number < NOTES; number += 1) {
    const body = { text: `${mark}.${number}` };
    const key = { 'Idempotency-Key': crypto.randomUUID() };
    const { message } = await call(page, 'POST', `/v1/cases/${id}/notes`, body, key);
    kept.push(Date.parse(message.at));
  }
  const drawn = await until('every note on the screen', async () => {
    const seen = await window.evaluate(() => window.drawn);
    return Object.keys(seen).length === NOTES && seen;
  });
  const took = kept.map((stamp, number) => drawn[number] - stamp);
  console.log(`     commit to DOM: p50 ${at(took, 0.5)} ms, worst ${at(took, 1)} ms`);
  inTime(at(took, 0.5) <= 500 && at(took, 1) <= 3_000, 'commit to DOM');
}

/** A colleague opens the Case: the head and the row of the list say so. */
async function viewers(window, theirs, name, id) {
  await window.goto(`${new URL(window.url()).origin}/#/inbox/mine/${id}`);
  await window.locator('.composer').waitFor();
  const home = new URL(theirs.url()).origin;
  await theirs.goto(`${home}/#/profile`);
  await theirs.locator('.form-card').first().waitFor();
  const began = Date.now();
  await theirs.evaluate((hash) => (location.hash = hash), `#/case/${id}`);
  const head = window.locator('.case-facts .chip', { hasText: name });
  const row = window.locator(`#row-${id} .case-row-foot`, { hasText: name.split(' ')[0] });
  const took = {};
  await Promise.all([
    head.waitFor().then(() => (took.head = Date.now() - began)),
    row.waitFor().then(() => (took.row = Date.now() - began)),
  ]);
  console.log(`     a colleague who looks: head ${took.head} ms, list ${took.row} ms`);
  inTime(Math.max(took.head, took.row) <= 3_000, 'viewers');
}

/** The ring of an Offer by the server's time in a window whose clock is wrong. */
async function ring(window, page) {
  const card = window.locator('.offer-card').first();
  await card.waitFor({ timeout: 40_000 });
  const { offers } = await call(page, 'GET', '/v1/bootstrap?view=mine');
  const name = await card.getAttribute('aria-label');
  const offer = offers.find((one) => name.includes(one.card.customer)) ?? offers[0];
  const [made, end] = [Date.parse(offer.made_at), Date.parse(offer.deadline)];
  const parts = await window.evaluate(async () => {
    const seen = [];
    const now = () => performance.timeOrigin + performance.now();
    for (let n = 0; n < 30; n += 1) {
      const line = document.querySelector('.offer-card .ring-left');
      if (line) seen.push([now(), parseFloat(line.getAttribute('stroke-dasharray'))]);
      await new Promise((done) => setTimeout(done, 40));
    }
    return seen;
  });
  const off = parts.map(([when, dash]) => Math.abs((dash / RING) * (end - made) - (end - when)));
  console.log(`     ring off by: p50 ${at(off, 0.5)} ms, worst ${at(off, 1)} ms`);
  assert.ok(parts.length > 2, 'the ring is drawn');
  inTime(parts.length > 10 && at(off, 0.5) <= 600 && at(off, 1) <= 2_000, 'the ring');
}

/** Ages and targets say the same on a machine whose clock is hours off as on one whose clock is right. */
async function hoursOff(window, theirs, department) {
  const read = (one) =>
    one.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll('.case-row')].map((row) => [
          row.id,
          [...row.querySelectorAll('time, .chip')].map((part) => part.textContent).join(' | '),
        ]),
      ),
    );
  for (const one of [window, theirs]) {
    // the matters of one department: what both of them see
    await one.goto(`${new URL(one.url()).origin}/#/inbox/all?department=${department}&state=any`);
    await one.locator('.case-row time').first().waitFor();
  }
  let other = [];
  const found = await until('the same times', async () => {
    const [wrong, right] = await Promise.all([read(window), read(theirs)]);
    const both = Object.keys(wrong).filter((id) => right[id] && /\d/.test(right[id]));
    // two windows are never read within one second: seconds are no hours
    const told = (words) => words.replaceAll(/\d+s\b/g, 's');
    other = both
      .filter((id) => told(wrong[id]) !== told(right[id]))
      .map((id) => [wrong[id], right[id]]);
    return both.length > 0 && other.length === 0 && both.length;
  }).catch((error) => {
    throw new Error(`${error.message}; they differ in ${JSON.stringify(other)}`);
  });
  console.log(`     ${found} rows tell the same times, ${SKEW_MS / 60_000} minutes off`);
}

async function withdrawn(window, page) {
  const began = Date.now();
  await call(page, 'PUT', '/v1/presence', { status: 'break' });
  const asked = Date.now();
  await window.locator('.offer-buttons').first().waitFor({ state: 'detached' });
  console.log(
    `     withdrawn: ${Date.now() - asked} ms after the answer, asked ${asked - began} ms`,
  );
  inTime(Date.now() - asked <= 3_000, 'withdrawn');
}

/** `stage`: a Case of this person, a colleague's page and name; this person is away before and after. */
export async function figures(browser, server, page, stage, faults) {
  const storageState = await page.context().storageState();
  const window = await open(browser, server.address, { storageState });
  await window.addInitScript((skew) => {
    const real = Date.now;
    const Wrong = class extends Date {
      constructor(...given) {
        super(...(given.length ? given : [real() + skew]));
      }
      static now = () => real() + skew;
    };
    globalThis.Date = Wrong;
  }, SKEW_MS);
  await window.goto(`${server.address}/#/case/${stage.id}`);
  await window.locator('.composer').waitFor();
  await step('figures: commit to DOM', faults, () => commitToDom(window, page, stage.id));
  await step('figures: a clock hours off', faults, async () => {
    const { case: matter } = await call(page, 'GET', `/v1/cases/${stage.id}`);
    await hoursOff(window, stage.theirs, matter.department_id);
  });
  await step('figures: who looks is seen', faults, () =>
    viewers(window, stage.theirs, stage.name, stage.id),
  );
  await call(page, 'PUT', '/v1/presence', { status: 'online' });
  const visitor = await arrive(browser, server, `A figure of speech ${Date.now()}`);
  await step('figures: the ring of an offer', faults, () => ring(window, page));
  await step('figures: an offer withdrawn', faults, () => withdrawn(window, page));
  faults.push(...window.faults);
  for (const one of [visitor, window]) await one.context().close();
}
