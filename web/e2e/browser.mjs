// The system's Chromium for journeys: pages that report every broken policy, error and foreign host.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const CANDIDATES = [
  process.env.POLYPHONY_TEST_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const chromiumPath = () => CANDIDATES.find((path) => path && existsSync(path));

export const launch = () =>
  chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });

/** Pages that are open now, for pictures of what went wrong. */
export const pages = new Set();

/** Opens a page whose faults (policy, errors, foreign hosts) are collected in `faults`. */
export async function open(browser, address, options = {}) {
  const { theme = 'light', language = 'en', width = 1440, height = 900, tour, ...more } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme === 'dark' ? 'dark' : 'light',
    contrast: theme === 'contrast' ? 'more' : 'no-preference',
    locale: language,
    reducedMotion: 'reduce',
    ...more,
  });
  // The tour of the demo is for who is here for the first time; only its own journey wants it.
  if (!tour) await context.addInitScript(() => localStorage.setItem('polyphony-tour', 'yes'));
  await context.addInitScript((code) => {
    if (window.top !== window) return;
    if (!localStorage.getItem('polyphony-language'))
      localStorage.setItem('polyphony-language', code);
  }, language);
  const page = await context.newPage();
  pages.add(page);
  page.on('close', () => pages.delete(page));
  const faults = [];
  const own = new URL(address).host;
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (line) => {
    const text = line.text();
    if (line.type() === 'error' && !/Failed to load resource|net::ERR_/.test(text))
      faults.push(text);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (
      ['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) &&
      url.hostname !== new URL(address).hostname
    ) {
      faults.push(`foreign host: ${url.host} (own: ${own})`);
    }
  });
  page.faults = faults;
  return page;
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * All violations of the page or of a part of it; frames of mails are the sender's. axe-core stays in a
 * document it was once put into: its runner for Playwright reads it in anew for each look and opens
 * a blank page for the result, which costs five times as much.
 */
export async function violations(page, part) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(
    async ([inside, values]) => {
      const where = { include: [[inside]], exclude: [['iframe']] };
      const runOnly = { type: 'tag', values };
      const how = { runOnly, resultTypes: ['violations'], iframes: false };
      return (await window.axe.run(where, how)).violations;
    },
    [part, TAGS],
  );
}

/** The same, a readable line each. */
export async function axe(page, part = 'html') {
  return (await violations(page, part)).flatMap((one) =>
    one.nodes.map((node) =>
      `${one.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`.replaceAll('\n', ' '),
    ),
  );
}
