// A company at work: a customer beside the desk, a new colleague, the set-up, one matter made two.
import * as admin from './admin.mjs';
import { open } from './browser.mjs';
import { enrol, invite, recover, signInWithCode } from './factor.mjs';
import { merge, split, takeBack } from './matters.mjs';
import * as setup from './setup.mjs';
import { states } from './states.mjs';
import { call, step } from './steps.mjs';
import * as visitor from './visitor.mjs';

/** A logo of ten by ten pixels. */
const LOGO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC',
  'base64',
);

async function pause(page, paused) {
  const { speed } = await call(page, 'GET', '/v1/demo');
  await call(page, 'PUT', '/v1/demo', { paused, speed });
}

/** The visitor comes, sends and gets files, proves his address, leaves; the answer goes after him. */
async function customer(browser, server, page, faults) {
  const text = `My meter shows a strange number ${Date.now()}`;
  const at = await step('be the customer', faults, () => visitor.arrive(browser, server, text));
  const id = await step('open his chat', faults, () => visitor.openCase(page, text));
  await step('a file of the visitor', faults, () => visitor.fileFromVisitor(at, page));
  await step('a file of the agent', faults, () => visitor.fileFromAgent(at, page));
  const letters = await step('a typed address is proved by a mailed code', faults, () =>
    visitor.proveAddress(browser, at),
  );
  faults.push(...(at?.faults ?? []));
  const answer = await step('answer a visitor who has left', faults, () =>
    visitor.answerAfterLeaving(at, page),
  );
  return { id, letters, text: answer };
}

async function colleague(browser, server, page, person, faults) {
  const link = await step('invite a colleague', faults, () => invite(page, person));
  const who = await step('enrol a second factor', faults, () => enrol(browser, server, link));
  await step('sign in with a code', faults, () => signInWithCode(who, person.email));
  await step('come back without the phone', faults, () => recover(page, who, person));
  faults.push(...(who?.page.faults ?? []));
  await who?.page.context().close();
}

async function company(page, letters, person, faults) {
  const claims = 'Claims';
  await step('make a department', faults, () => setup.department(page, claims));
  await step('make a queue, serve it', faults, () => setup.queue(page, 'Damage', claims));
  await step('make a skill', faults, () => setup.skill(page, 'glass', 'Glass'));
  await step('give a colleague a skill', faults, () => setup.knows(page, person, 'Glass'));
  await step('a refusal is said in words', faults, () => setup.refused(page, person.email));
  await step('make a mailbox, send tests', faults, () =>
    setup.box(page, 'Second mailbox', claims, letters),
  );
  await step('make a widget, copy its line', faults, () => setup.widget(page, 'Our website'));
  await step('write, try and take back a rule', faults, () => admin.rules(page));
  await step('the configuration as a file', faults, () => admin.configuration(page));
  await step('make a brand', faults, () => admin.brand(page));
  await step('make a role, tick its rights', faults, () => admin.roles(page));
  await step('set skills by keys', faults, () => admin.matrix(page));
  await step('set working hours', faults, () => admin.hours(page));
  await step('check a mailbox step by step', faults, () => admin.steps(page));
  await step('watch the system and the log', faults, () => admin.watch(page));
  await step('a message to oneself ticks', faults, () => admin.guide(page));
}

/** Runs all of it while the pretended world stands still; the page ends where it was. */
export async function atWork(browser, server, page, faults) {
  const back = page.url();
  await pause(page, true);
  const person = { name: 'Nová Kolegyně', email: 'nova.kolegyne@lumen.example' };
  const chat = await customer(browser, server, page, faults);
  const letters = chat.letters ?? (await open(browser, server.address));
  await colleague(browser, server, page, person, faults);
  await company(page, letters, person, faults);
  const drawn = await step('the logo of a brand in the widget', faults, () =>
    visitor.logo(browser, server, page, LOGO),
  );
  faults.push(...(drawn ?? []));
  await states(page, chat.id, faults);
  await step('go on by mail with a visitor who left', faults, () =>
    visitor.goOnByMail(letters, page, chat),
  );
  const made = await step('split a Case', faults, () => split(page, chat.id));
  await step('merge it again', faults, () => merge(page, made, chat.id));
  await step('take the merge back', faults, () => takeBack(page, made, chat.id));
  faults.push(...page.faults);
  page.faults.length = 0;
  await pause(page, false);
  await page.goto(back);
  await page.locator('.composer').waitFor();
}
