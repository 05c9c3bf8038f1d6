// The pictures of the widget: on the pretended company's page, home, a talk, elsewhere, dark, narrow, from right to left.
import { open } from './browser.mjs';
import { call, until } from './steps.mjs';

const chat = (page) => page.locator('polyphony-chat');

async function visitor({ browser, server }, { lang = 'en', prepare, ...more } = {}) {
  const page = await open(browser, server.address, {
    width: 900,
    height: 760,
    language: lang,
    ...more,
  });
  if (prepare) await page.addInitScript(prepare);
  await page.goto(`${server.address}/demo/customer?lang=${lang}`);
  await chat(page).locator('.launcher').click();
  await chat(page).locator('textarea').waitFor();
  return page;
}

const say = async (page, text) => {
  await chat(page).locator('textarea').fill(text);
  await page.keyboard.press('Enter');
  await chat(page).locator('.tick.delivered, .tick.read').first().waitFor();
};

/** One of us answers, as the desk would. */
async function answer({ signedIn }, question, text) {
  const found = await until('the question at the desk', async () => {
    const { cases } = await call(
      signedIn,
      'GET',
      `/v1/search/suggestions?q=${encodeURIComponent(question.slice(0, 30))}`,
    );
    return cases[0];
  });
  const view = await call(signedIn, 'GET', `/v1/cases/${found.id}`);
  const waiting = view.work_items.find((one) => one.state === 'waiting');
  if (waiting) await call(signedIn, 'POST', `/v1/work_items/${waiting.id}/claim`);
  const path = `/v1/interactions/${view.reply_to.interaction_id}/messages`;
  const body = {
    text,
    files: [],
    then: 'open',
    anyway: true,
    expected_last_item: view.case.last_item,
  };
  await call(signedIn, 'POST', path, body, { 'Idempotency-Key': crypto.randomUUID() });
}

async function english(stage) {
  const page = await visitor(stage);
  await stage.keep('widget-home', page);
  const question = 'My meter shows a strange number. Can somebody look?';
  await say(page, question);
  await answer(stage, question, 'Good morning, I am looking at it right now.');
  await chat(page).locator('.line', { hasText: 'looking at it' }).waitFor();
  await page.waitForTimeout(400);
  await stage.keep('widget-case', page);
  await chat(page).getByRole('button', { name: 'Continue elsewhere' }).click();
  await chat(page).getByRole('button', { name: 'Show link and QR code' }).click();
  await chat(page).locator('canvas.qr').waitFor();
  await page.waitForTimeout(400);
  await stage.keep('widget-elsewhere', page);
  await page.context().close();
}

async function spoken(stage, name, text, options) {
  const page = await visitor(stage, options);
  await say(page, text);
  await page.waitForTimeout(300);
  await stage.keep(name, page);
  await page.context().close();
}

/** The words of a right-to-left page are the page's own; ours stay, mirrored. */
const mirrored = () => {
  let kept = {};
  Object.defineProperty(window, 'polyphonySettings', {
    get: () => kept,
    set(value) {
      kept = {
        ...value,
        dir: 'rtl',
        title: 'لومن للطاقة',
        greeting: 'كيف يمكننا مساعدتك؟',
        texts: { write: 'اكتب رسالة…', delivered: 'تم التسليم', elsewhere: 'متابعة في مكان آخر' },
      };
    },
  });
};

export async function widgetShots(stage) {
  await english(stage);
  await spoken(stage, 'widget-dark', 'When does my contract end?', { theme: 'dark' });
  await spoken(stage, 'widget-narrow', 'When does my contract end?', { width: 390, height: 760 });
  await spoken(stage, 'widget-cs', 'Dobrý den, kdy mi přijde vyúčtování?', { lang: 'cs' });
  await spoken(stage, 'widget-pl', 'Dzień dobry, kiedy dostanę rachunek?', { lang: 'pl' });
  await spoken(stage, 'widget-ru', 'Здравствуйте, когда придёт счёт?', { lang: 'ru' });
  await spoken(stage, 'widget-rtl', 'مرحبا، متى ينتهي عقدي؟', { prepare: mirrored });
}
