// The stage of the journeys by keys: a queue one person serves alone, mails of the cast, a colleague.
import assert from 'node:assert/strict';
import { open } from './browser.mjs';
import { forbidMouse, Hands } from './hands.mjs';
import { call, until } from './steps.mjs';

export const MARK = Date.now().toString(36);
const MAILS = [
  ['tom', `Copy of the contract ${MARK}`],
  ['marek', `Pytanie o taryfę ${MARK}`],
  ['eva', `Nový účet ${MARK}`],
  ['kasia', `Błędny monit ${MARK}`],
  ['adam', `Druga wiadomość ${MARK}`],
];
export const [TOM, MAREK, EVA, KASIA, ADAM] = MAILS.map(([, subject]) => subject);

/** This person serves one queue alone, with room for much; resolves with the way back. */
async function serveOnly(page, me, queue) {
  const before = [];
  for (const { id } of (await call(page, 'GET', '/v1/queues')).items) {
    const { items } = await call(page, 'GET', `/v1/queues/${id}/members`);
    if (items.some((one) => one.agent_id === me)) before.push([id, items.map(member)]);
  }
  const set = (id, members) => call(page, 'PUT', `/v1/queues/${id}/members`, members);
  const { cap_max: room } = await call(page, 'GET', `/v1/agents/${me}`);
  await call(page, 'PATCH', `/v1/agents/${me}`, { cap_max: 300 });
  for (const [id, members] of before)
    await set(
      id,
      members.filter((one) => one.agent_id !== me),
    );
  await set(queue, [{ agent_id: me, rank: 1 }]);
  return async () => {
    for (const [id, members] of before) await set(id, members);
    await call(page, 'PATCH', `/v1/agents/${me}`, { cap_max: room });
  };
}

const member = ({ agent_id, rank }) => ({ agent_id, rank });

/** A queue that only this person serves, new work comes into it, and some mails of the cast. */
export async function prepare(page) {
  const { speed, paused, customer_url: site } = await call(page, 'GET', '/v1/demo');
  await call(page, 'PUT', '/v1/demo', { paused: true, speed });
  const { me } = await call(page, 'GET', '/v1/bootstrap?view=mine');
  const { items: accounts } = await call(page, 'GET', '/v1/channel_accounts');
  const own = accounts.filter((one) => /^lumen(.example| energy)$/i.test(one.name));
  assert.equal(own.length, 2, 'the mailbox and the chat of the company');
  const queue = await call(page, 'POST', '/v1/queues', {
    department_id: own[0].department_id,
    name: `Keys ${MARK}`,
    channels: ['email', 'chat'],
    decline_reasons: ['busy', 'not_my_topic'],
    offer_timeout_s: { email: 60, chat: 60 },
  });
  const restore = await serveOnly(page, me.id, queue.id);
  const lead = (id) => async (one) => {
    const now = (await call(page, 'GET', '/v1/channel_accounts')).items.find(
      (other) => other.id === one.id,
    );
    const match = { 'If-Match': `"${now.version}"` };
    await call(page, 'PATCH', `/v1/channel_accounts/${one.id}`, { default_queue: id }, match);
  };
  for (const one of own) await lead(queue.id)(one);
  await call(page, 'POST', '/v1/macros', {
    name: `By keys ${MARK}`,
    steps: [{ do: 'note', text: `Written by the macro ${MARK}` }],
  });
  /** Some of the cast write; resolves when their mails stand at the desk. */
  const write = async (some) => {
    for (const [as, subject] of some)
      await fetch(new URL('/mail', site), {
        method: 'POST',
        body: new URLSearchParams({ as, subject, text: `${subject}. Can you help me?` }),
      });
    await until('the mails at the desk', async () => {
      const { cases } = await call(page, 'GET', `/v1/search/suggestions?q=${MARK}`);
      return some.every(([, subject]) => cases.some((one) => one.title === subject));
    });
  };
  await write(MAILS.slice(0, 4));
  const back = async () => {
    await restore();
    await call(page, 'PUT', '/v1/demo', { paused, speed });
    for (const one of own) await lead(one.default_queue)(one);
  };
  const last = () => write(MAILS.slice(4));
  return { me, queue, back, last, department: own[0].department_id };
}

export const caseOf = async (page, subject) => {
  const { cases } = await call(
    page,
    'GET',
    `/v1/search/suggestions?q=${encodeURIComponent(subject)}`,
  );
  return cases.find((one) => one.title === subject);
};

/** Somebody of ours who serves the queue with us, signed in by the link of an invitation, by keys. */
export async function colleague(browser, server, page, { me, queue, department }) {
  const name = `Zuzana Keyes ${MARK}`;
  const { person, link } = await call(page, 'POST', '/v1/people', {
    name,
    email: `zuzana.${MARK}@lumen.example`,
    departments: [department],
  });
  const { items: skills } = await call(page, 'GET', '/v1/skills');
  const knows = skills.map((one) => ({ skill_id: one.id, level: 5 }));
  await call(page, 'PATCH', `/v1/agents/${person.id}`, { skills: knows });
  await call(page, 'PUT', `/v1/queues/${queue.id}/members`, [
    { agent_id: me.id, rank: 1 },
    { agent_id: person.id, rank: 1 },
  ]);
  const theirs = await open(browser, server.address);
  await forbidMouse(theirs.context());
  await theirs.goto(link);
  const hands = new Hands(theirs);
  await hands.tab('Sign in', 'button');
  await hands.press('Enter');
  await hands.see('.shell', undefined, { ms: 20_000 });
  return { name, hands, page: theirs };
}
