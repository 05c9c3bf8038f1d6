// A queue overflows: closed, it sends a chat on; the visitor leaves the line, is called, and comes back.
import assert from 'node:assert/strict';
import { axe } from './browser.mjs';
import { call, step, until } from './steps.mjs';
import { arrive } from './visitor.mjs';

const panel = (visitor) => visitor.locator('polyphony-chat');
const clean = async (page, where, what) =>
  assert.deepEqual(await axe(page, where), [], `axe: ${what}`);

/** Every queue is closed and sends what comes to a new one, where nobody is: there one may be called back. */
async function closed(page) {
  const { items: queues } = await call(page, 'GET', '/v1/queues');
  const never = await call(page, 'POST', '/v1/calendars', {
    name: `Never ${Date.now()}`,
    frames: {},
  });
  const always = await call(page, 'POST', '/v1/calendars', {
    name: `Always ${Date.now()}`,
    frames: {},
    always: true,
  });
  const night = await call(page, 'POST', '/v1/queues', {
    name: `Night desk ${Date.now()}`,
    department_id: queues[0].department_id,
    calendar_id: always.id,
    callback: true,
    offer_timeout_s: { callback: 300 },
    overflow_before: [
      { when: 'any', conditions: [{ fact: 'nobody' }], action: { do: 'callback' } },
    ],
  });
  for (const one of queues)
    await call(page, 'PATCH', `/v1/queues/${one.id}`, {
      calendar_id: never.id,
      overflow_before: [
        { conditions: [{ fact: 'closed' }], action: { do: 'queue', queue_id: night.id } },
      ],
    });
  return {
    night,
    open: async () => {
      for (const one of queues)
        await call(page, 'PATCH', `/v1/queues/${one.id}`, {
          calendar_id: one.calendar_id ?? null,
          overflow_before: one.overflow_before ?? [],
        });
    },
  };
}

/** The rules of the new queue are told in its dialog, and a rule that says nothing cannot be kept. */
async function setUp(page, night) {
  await page.goto(`${new URL(page.url()).origin}/#/admin/queues`);
  await page.getByRole('button', { name: `Edit ${night.name}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('tab', { name: 'Overflow' }).click();
  const before = dialog.getByRole('group', { name: 'Before work waits' });
  assert.equal(await before.getByLabel('Condition', { exact: true }).inputValue(), 'nobody');
  await before.getByRole('button', { name: 'Add rule' }).click();
  await until('a rule without a queue is not kept', async () =>
    dialog.getByRole('button', { name: 'Save' }).isDisabled(),
  );
  await clean(page, 'dialog[open]', 'overflow of a queue');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** The visitor leaves the line for a call; both sides say so. */
async function leave(visitor) {
  const widget = panel(visitor);
  await widget.getByRole('button', { name: 'Leave the line' }).click({ timeout: 30_000 });
  await widget.getByLabel('Your telephone number').fill('call me');
  await widget.locator('.leave button[type=submit]').click();
  await widget.getByText('This is not a telephone number').waitFor();
  await widget.getByLabel('Your telephone number').fill('+420 777 123 456');
  await widget.getByLabel('What is it about?').fill('The last invoice');
  await clean(visitor, 'polyphony-chat', 'leaving the line');
  await widget.locator('.leave button[type=submit]').click();
  await widget.getByText('Your place is kept').waitFor();
  await widget.getByText('We call you at +420777123456').waitFor();
  await clean(visitor, 'polyphony-chat', 'a place that is kept');
}

const only = async (page, calls) => {
  for (const kind of ['email', 'chat'])
    await call(page, 'PUT', `/v1/presence/channels/${kind}`, { on: !calls });
};

/** What earlier steps left in his hands goes back: a call needs both of them. */
async function emptyHands(page, me) {
  const { items } = await call(page, 'GET', '/v1/console');
  for (const { id, state } of items.find((one) => one.id === me.id)?.work ?? [])
    if (state === 'wrap_up') await call(page, 'POST', `/v1/work_items/${id}/finish`, {});
    else if (state !== 'offered') await call(page, 'POST', `/v1/work_items/${id}/return`);
}

/** The agent is offered the call, calls by hand and says that nobody answered. */
async function tried(page, night) {
  const { person: me } = await call(page, 'GET', '/v1/sign_ins/current');
  const { items: skills } = await call(page, 'GET', '/v1/skills');
  const knows = skills.map((one) => ({ skill_id: one.id, level: 5 }));
  await call(page, 'PATCH', `/v1/agents/${me.id}`, { skills: knows });
  await call(page, 'PUT', `/v1/queues/${night.id}/members`, [{ agent_id: me.id, rank: 1 }]);
  await page.goto(`${new URL(page.url()).origin}/#/inbox/mine`);
  await only(page, true); // a call needs whole hands: nothing else is taken meanwhile
  await emptyHands(page, me);
  await call(page, 'PUT', '/v1/presence', { status: 'online' });
  const card = page.locator('.offer-card', { hasText: 'Call back …456' });
  await card.waitFor({ timeout: 30_000 });
  await card.getByRole('button', { name: 'Accept' }).click();
  const part = page.getByRole('region', { name: 'Callback' });
  await part.getByText('The last invoice').waitFor({ timeout: 30_000 });
  assert.equal(await part.locator('a').getAttribute('href'), 'tel:+420777123456');
  await clean(page, '.case-panel', 'a callback in a case');
  await part.getByRole('button', { name: 'No answer' }).click();
  await part.locator('.callback-tried', { hasText: 'No answer' }).waitFor();
  await call(page, 'PUT', '/v1/presence', { status: 'break' });
}

/** He would rather wait in the chat again: he has his place back. */
async function back(visitor, page, night) {
  const widget = panel(visitor);
  await widget.getByRole('button', { name: 'Wait here again' }).click();
  await widget.getByText('We are finding someone for you').waitFor({ timeout: 30_000 });
  await call(page, 'PUT', `/v1/queues/${night.id}/members`, []);
}

export async function overflow(browser, server, page, faults) {
  const world = await step('queues are closed and overflow', faults, () => closed(page));
  if (!world) return;
  let visitor;
  try {
    await step('overflow is set up', faults, () => setUp(page, world.night));
    visitor = await step('a closed queue sends a chat on', faults, () =>
      arrive(browser, server, `The queue overflows ${Date.now()}`),
    );
    if (!visitor) return;
    const left = await step('a visitor leaves the line', faults, () =>
      leave(visitor).then(() => true),
    );
    if (!left) return;
    await step('nobody answers the call', faults, () => tried(page, world.night));
    await step('the visitor waits again', faults, () => back(visitor, page, world.night));
  } finally {
    await call(page, 'PUT', '/v1/presence', { status: 'break' });
    await only(page, false);
    await world.open();
    if (visitor) {
      faults.push(...(visitor.faults ?? []));
      await visitor.context().close();
    }
  }
}
