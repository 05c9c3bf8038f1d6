// Contact centre: a VIP overtakes, a decline goes to the next agent, a status change withdraws, a laptop sleeps.
import assert from 'node:assert/strict';
import { open } from './browser.mjs';
import { call, step, until } from './steps.mjs';

const ONE_MAIL = 50;
const MARK = Date.now().toString(36);
const FIRST = `Копия договора ${MARK}`;
const VIP = `Kopie smlouvy ${MARK}`;

/** Somebody new who serves this queue alone, signed in by the link of the invitation, on a break. */
async function agent(browser, server, page, { name, department, speaks }) {
  const email = `${name.toLowerCase()}.${MARK}@lumen.example`;
  const made = { name: `${name} ${MARK}`, email, departments: [department] };
  const { person, link } = await call(page, 'POST', '/v1/people', made);
  const { items: skills } = await call(page, 'GET', '/v1/skills');
  const knows = skills
    .filter((one) => speaks || one.key !== 'lang.ru')
    .map((one) => ({ skill_id: one.id, level: 5 }));
  await call(page, 'PATCH', `/v1/agents/${person.id}`, { skills: knows, cap_max: ONE_MAIL });
  const own = await open(browser, server.address);
  await own.goto(link);
  await own.getByRole('button', { name: 'Sign in' }).click();
  await own.locator('.shell').waitFor({ timeout: 30_000 });
  return { id: person.id, page: own };
}

async function write(site, as, subject, text) {
  const body = new URLSearchParams({ as, subject, text });
  const sent = () => fetch(new URL('/mail', site), { method: 'POST', body });
  await until('the letterbox takes it', () =>
    sent().then(
      (answer) => answer.ok,
      () => false,
    ),
  );
}

/** A queue two people serve, the mailbox leads into it, the pretended world stands still. */
async function prepare(browser, server, page) {
  const { speed, paused, customer_url: site } = await call(page, 'GET', '/v1/demo');
  await call(page, 'PUT', '/v1/demo', { paused: true, speed });
  const { items: boxes } = await call(page, 'GET', '/v1/channel_accounts');
  const box = boxes.find((one) => one.name === 'Lumen Energy');
  const department = box.department_id;
  const queue = await call(page, 'POST', '/v1/queues', {
    department_id: department,
    name: `Contact ${MARK}`,
    channels: ['email'],
    offer_timeout_s: { email: 300 },
    decline_reasons: ['busy'],
    sticky: 'off',
    async_kept_s: 0,
  });
  const { id: impatient } = await call(page, 'POST', '/v1/queues', {
    department_id: department,
    name: `Impatient ${MARK}`,
  });
  const lead = async (id) => {
    const { items } = await call(page, 'GET', '/v1/channel_accounts');
    const now = items.find((one) => one.id === box.id);
    const match = { 'If-Match': `"${now.version}"` };
    await call(page, 'PATCH', `/v1/channel_accounts/${box.id}`, { default_queue: id }, match);
  };
  await lead(queue.id);
  const [anna, ben] = await Promise.all(
    [
      { name: 'Anna', department, speaks: true },
      { name: 'Ben', department, speaks: false },
    ].map((who) => agent(browser, server, page, who)),
  );
  const members = [anna, ben].map((one) => ({ agent_id: one.id, rank: 1 }));
  await call(page, 'PUT', `/v1/queues/${queue.id}/members`, members);
  await call(page, 'PUT', `/v1/queues/${impatient}/members`, members.slice(1));
  const back = async () => {
    await lead(box.default_queue);
    await call(page, 'PUT', '/v1/demo', { paused, speed });
  };
  return { site, anna, ben, impatient, back };
}

const card = (who, subject) => who.page.locator('.offer-card', { hasText: subject });
const seen = (who, subject) => card(who, subject).waitFor({ timeout: 30_000 });
const gone = (who, subject) => card(who, subject).waitFor({ state: 'detached', timeout: 30_000 });

async function become(who, status, shown) {
  await who.page.locator('.presence-button').click();
  await who.page.locator(`[data-entry=${status}]`).click();
  if (status === 'break') await who.page.locator('.presence-reasons').getByRole('button').click();
  await who.page.locator('.presence-button', { hasText: shown }).waitFor({ timeout: 30_000 });
}

/** The work of a mail, as the one who leads sees it. */
const work = async (page, subject) => {
  const { cases } = await call(page, 'GET', `/v1/search/suggestions?q=${MARK}`);
  const found = cases.find((one) => one.title === subject);
  if (!found) return undefined;
  const { work_items: items } = await call(page, 'GET', `/v1/cases/${found.id}`);
  return items[0];
};

/** He wrote later and is served first: there is room for one mail, and it is his. */
async function overtakes(page, { site, anna }) {
  await write(site, 'olga', FIRST, 'Здравствуйте, пришлите мне, пожалуйста, копию договора.');
  await until('the first mail waits', async () => (await work(page, FIRST))?.state === 'waiting');
  await write(site, 'lipa', VIP, 'Dobrý den, pošlete nám prosím kopii smlouvy. Děkujeme.');
  await until(
    'the mail of the VIP waits',
    async () => (await work(page, VIP))?.state === 'waiting',
  );
  await become(anna, 'online', 'Online');
  await seen(anna, VIP);
  assert.equal(await card(anna, FIRST).count(), 0, 'both were offered');
}

/** The Offers of an item as those who lead see them, oldest first: who, and what became of it. */
async function offered(page, subject) {
  const { id } = await work(page, subject);
  const { offers } = await call(page, 'GET', `/v1/work_items/${id}/why`);
  const order = offers.toSorted((one, other) => one.made_at.localeCompare(other.made_at));
  return order.map((one) => [one.agent_id, one.state]);
}

/** A hand on a card until the server says that it is done: a slow machine may lose a line and take cards back. */
async function hand(who, subject, act, done) {
  for (let tries = 0; tries < 5 && !(await done()); tries += 1) {
    await seen(who, subject);
    await act(card(who, subject)).catch(() => undefined); // gone meanwhile: it comes again
    await until('what came of it', done, 5_000).catch(() => undefined);
  }
  assert.ok(await done(), `${subject} was not answered`);
}

const QUICKLY = { timeout: 10_000 };
const accept = (page, who, subject) =>
  hand(
    who,
    subject,
    (shown) => shown.getByRole('button', { name: 'Accept' }).click(QUICKLY),
    async () => {
      const { agent_id: at, state } = await work(page, subject);
      return at === who.id && state === 'in_work';
    },
  );

/** Anna says no: Ben is asked, who has not the Russian of the other mail; that one is hers. */
async function declines(page, { anna, ben }) {
  await become(ben, 'online', 'Online');
  const no = async (shown) => {
    await shown.getByRole('button', { name: 'Decline' }).click(QUICKLY);
    await shown.getByLabel('Why not?').selectOption('busy', QUICKLY);
    await shown.getByRole('button', { name: 'Decline' }).click(QUICKLY);
  };
  const said = async () =>
    (await offered(page, VIP)).some(([who, how]) => who === anna.id && how === 'declined');
  await hand(anna, VIP, no, said);
  await seen(ben, VIP);
  await accept(page, anna, FIRST);
  await anna.page.locator('.case-title', { hasText: FIRST }).waitFor({ timeout: 30_000 });
}

/** Ben goes on a break: his card closes and says why. Anna is free and not asked again; he is. */
async function withdraws(page, { anna, ben }) {
  const { id } = await work(page, FIRST);
  await call(anna.page, 'POST', `/v1/work_items/${id}/finish`, {});
  await become(ben, 'break', 'Break');
  await gone(ben, VIP);
  await ben.page.locator('.fate-card', { hasText: 'Your status changed.' }).first().waitFor();
  assert.equal((await work(page, VIP)).state, 'waiting', 'it came back to who had declined it');
  await become(ben, 'online', 'Online');
  await seen(ben, VIP);
  const hers = (await offered(page, VIP)).filter(([who]) => who === anna.id);
  assert.equal(hers.at(-1)[1], 'declined', 'she was asked again');
}

/** Ben takes it and shuts his laptop; when nobody has heard of him for long enough Anna is asked. */
async function sleeps(page, { anna, ben, impatient }) {
  await accept(page, ben, VIP);
  await call(page, 'PATCH', `/v1/queues/${impatient}`, { grace_s: 1 }); // only his
  const lid = await ben.page.context().newCDPSession(ben.page);
  await lid.send('Debugger.enable');
  await lid.send('Debugger.pause'); // nothing of the page runs any more, its line stays open
  await accept(page, anna, VIP);
  await lid.send('Debugger.disable');
  await ben.page.locator('.presence-button', { hasText: 'Offline' }).waitFor({ timeout: 30_000 });
}

/** Runs all of it; the page stays where it was. */
export async function contact(browser, server, page, faults) {
  const hall = await step('two agents and a queue of theirs', faults, () =>
    prepare(browser, server, page),
  );
  if (!hall) return;
  await step('a VIP overtakes', faults, () => overtakes(page, hall));
  await step('a decline goes to the next one and does not come back', faults, () =>
    declines(page, hall),
  );
  await step('a change of status withdraws', faults, () => withdraws(page, hall));
  await step('a laptop sleeps, its work goes on', faults, () => sleeps(page, hall));
  for (const { page: own } of [hall.anna, hall.ben]) {
    faults.push(...own.faults);
    await own.context().close();
  }
  await hall.back();
}
