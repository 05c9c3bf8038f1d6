// What the widget costs a page: the same blank page with it and without, at a quarter of the speed.
// PAGE, BASE, CHROMIUM come from tests/journeys/test_widget.py, as for widget.mjs.
import { chromium } from 'playwright-core';

const { PAGE, CHROMIUM, ROUNDS = process.env.FULL === '1' ? '9' : '5' } = process.env;
const DETAIL = 'disabled-by-default-devtools.timeline';
const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: ['--no-sandbox', '--disable-gpu'],
});

/**
 * Blocking time at a quarter of the speed, from the CPU time of each task of the page's main thread:
 * what lies above 50 ms. CPU time, because wall time on a shared machine says nothing.
 */
function blocked(events) {
  const main = new Set(
    events
      .filter((one) => one.name === 'thread_name' && one.args.name === 'CrRendererMain')
      .map((one) => `${one.pid}.${one.tid}`),
  );
  return events
    .filter((one) => /RunTask$/.test(one.name) && one.tdur && main.has(`${one.pid}.${one.tid}`))
    .reduce((sum, one) => sum + Math.max(0, (4 * one.tdur) / 1000 - 50), 0);
}

/** Loads the page once in a fresh browser context and weighs what happened until it is calm. */
async function weigh(query) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 800 } });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const seen = { requests: 0, bytes: 0, hosts: new Set() };
  page.on('request', (request) => {
    seen.requests += 1;
    seen.hosts.add(new URL(request.url()).host);
  });
  client.on('Network.loadingFinished', (one) => {
    seen.bytes += one.encodedDataLength;
  });
  await page.addInitScript(() => {
    window.cost = { cls: 0 };
    new PerformanceObserver((list) => {
      for (const one of list.getEntries()) window.cost.cls += one.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', DETAIL] });
  await page.goto(`${PAGE}/?${query}`);
  if (!query.includes('blank')) await page.locator('polyphony-chat .launcher').waitFor();
  await page.waitForTimeout(1_000);
  const tbt = blocked(JSON.parse((await browser.stopTracing()).toString()).traceEvents);
  const { metrics } = await client.send('Performance.getMetrics');
  const of = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
  const found = {
    ...(await page.evaluate(() => window.cost)),
    tbt,
    cpu_ms: of('TaskDuration') * 1000,
    script_ms: of('ScriptDuration') * 1000,
    requests: seen.requests,
    bytes: seen.bytes,
    cookies: (await context.cookies()).length,
    stored: await page.evaluate(() => localStorage.length),
    hosts: [...seen.hosts],
  };
  await context.close();
  return found;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const runs = { blank: [], widget: [] };
for (let round = 0; round < Number(ROUNDS); round += 1) {
  runs.blank.push(await weigh('blank=1'));
  runs.widget.push(await weigh('lang=en'));
}
const middle = (name, key) => median(runs[name].map((one) => one[key]));
const report = Object.fromEntries(
  ['cls', 'tbt', 'cpu_ms', 'script_ms', 'requests', 'bytes'].map((key) => [
    key,
    {
      blank: Math.round(middle('blank', key) * 10) / 10,
      widget: Math.round(middle('widget', key) * 10) / 10,
    },
  ]),
);
console.log(JSON.stringify({ ...report, hosts: runs.widget[0].hosts }));
await browser.close();
const failed = [];
const gate = (name, holds) => {
  if (!holds) failed.push(name);
};
gate(
  'CLS +0',
  runs.widget.every((one) => one.cls === 0),
);
gate(
  'no cookie, nothing stored',
  runs.widget.every((one) => !one.cookies && !one.stored),
);
gate(
  'no third host',
  runs.widget.every((one) => one.hosts.length === 2),
);
// The least of the rounds: neighbours on the machine add to the CPU time of a task, nothing takes from it.
const least = (name) => Math.min(...runs[name].map((one) => one.tbt));
gate('TBT +20 ms at most', least('widget') - least('blank') <= 20);
console.log(JSON.stringify({ passed: 4 - failed.length, failed }));
process.exitCode = failed.length ? 1 : 0;
