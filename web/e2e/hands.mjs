// Hands without a mouse: keys go to a page and nothing else does; a pointer that touches it is a fault.
import assert from 'node:assert/strict';
import { until } from './steps.mjs';

const FAR = 60;

/** Counts whatever points, on every page of a context from now on; keys that click do not point. */
export async function forbidMouse(context) {
  await context.addInitScript(() => {
    const note = (event) => {
      const before = JSON.parse(sessionStorage.getItem('pointed') ?? '[]');
      sessionStorage.setItem('pointed', JSON.stringify([...before, event.type]));
    };
    for (const name of ['pointerdown', 'mousedown', 'touchstart', 'wheel', 'dragstart'])
      addEventListener(name, note, { capture: true, passive: true });
  });
}

/** What has the focus, as somebody hears it: its name, whether it can be seen, what it is. */
const heard = () => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return { name: '', body: true };
  const label =
    at.getAttribute('aria-label') ?? [...(at.labels ?? [])].map((one) => one.textContent);
  const box = at.getBoundingClientRect();
  const x = Math.min(Math.max(box.x + Math.min(box.width, 40) / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(box.y + Math.min(box.height, 40) / 2, 0), innerHeight - 1);
  const over = document.elementFromPoint(x, y);
  const active = document.getElementById(at.getAttribute('aria-activedescendant') ?? '');
  return {
    name: (String(label) || at.textContent || '').replace(/\s+/g, ' ').trim(),
    role: at.getAttribute('role') ?? at.localName,
    chosen: at.selectedOptions?.[0]?.textContent ?? '',
    active: active?.textContent.replace(/\s+/g, ' ').trim() ?? '',
    hidden:
      !over || !(at.contains(over) || over.contains(at) || over.closest('label')?.contains(at)),
  };
};

export class Hands {
  #page;
  #chooser;
  keys = 0;

  constructor(page) {
    this.#page = page;
    // from the beginning: the browser is told to hand the chooser over only while somebody listens
    page.on('filechooser', (one) => (this.#chooser = one));
  }

  async press(...keys) {
    for (const key of keys) {
      this.keys += 1;
      await this.#page.keyboard.press(key);
    }
  }

  async type(text) {
    this.keys += [...text].length;
    await this.#page.keyboard.type(text);
  }

  /** Writes over what stands in the field. */
  async write(text) {
    await this.press('Control+a');
    await this.type(text);
  }

  focus = () => this.#page.evaluate(heard);
  address = () => this.#page.url();

  /** Waits until something can be seen, or until it is gone. */
  async see(selector, hasText, { gone = false, ms = 30_000 } = {}) {
    const found = this.#page.locator(selector, hasText === undefined ? {} : { hasText }).first();
    await found.waitFor({ state: gone ? 'detached' : 'visible', timeout: ms });
    return gone ? '' : found.innerText();
  }

  /** Waits until the field with the focus holds these words. */
  holds = (words) =>
    until(`the field holds "${words}"`, () =>
      this.#page.evaluate((wanted) => document.activeElement.value === wanted, words),
    );

  count = (selector) => this.#page.locator(selector).count();
  at = (pattern) => this.#page.waitForURL(pattern, { timeout: 30_000 });

  /** Presses a key until the focus stands on what has this name; it must be seen there. */
  async walk(key, name, role) {
    const passed = [];
    for (let step = 0; step < FAR; step += 1) {
      const now = await this.focus();
      if (!now.body && match(now.name, name) && (!role || now.role === role)) {
        assert.ok(!now.hidden, `the focus on "${now.name}" lies under something`);
        return now;
      }
      passed.push(`${now.role}: ${now.name.slice(0, 30)}`);
      await this.press(key);
    }
    throw new Error(`${key} never reached ${name}; it passed ${[...new Set(passed)].join(' | ')}`);
  }

  tab = (name, role) => this.walk('Tab', name, role);
  back = (name, role) => this.walk('Shift+Tab', name, role);
  down = (name) => this.walk('ArrowDown', name);

  /** Arrows in a list whose focus stays in the field: until the chosen one has these words. */
  async choose(words) {
    const seen = [];
    for (let step = 0; step < FAR; step += 1) {
      const { active } = await this.focus();
      if (match(active, words)) return active;
      seen.push(active.slice(0, 40));
      await this.press('ArrowDown');
      await this.#page.waitForTimeout(20);
    }
    throw new Error(`no choice ${words}; there were ${[...new Set(seen)].join(' | ')}`);
  }

  /** Enter opens the chooser of the system; which file is taken there is no matter of ours. */
  async chooseFile(file) {
    this.#chooser = undefined;
    await this.press('Enter');
    await (await until('the chooser of files', () => this.#chooser)).setFiles(file);
  }

  /** Nothing pointed at the page all the time. */
  async untouched() {
    const pointed = await this.#page.evaluate(() => sessionStorage.getItem('pointed'));
    assert.equal(pointed, null, 'a pointer was used');
  }
}

const match = (text, wanted) =>
  wanted instanceof RegExp ? wanted.test(text) : text.startsWith(wanted);
