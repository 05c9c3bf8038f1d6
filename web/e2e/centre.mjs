// The browser journeys of the contact centre: `npm run e2e:centre`. Routing, targets, steps, levers, the console.
import { boards } from './board.mjs';
import { supervision } from './console.mjs';
import { contact } from './contact.mjs';
import { goOnline, signIn } from './journeys.mjs';
import { levers } from './levers.mjs';
import { loan } from './loan.mjs';
import { overflow } from './overflow.mjs';
import { people } from './people.mjs';
import { undisturbed } from './states.mjs';
import { step } from './steps.mjs';
import { suite } from './suite.mjs';
import { targets } from './targets.mjs';

/** What is played, in this order; E2E_ONLY=loan,console plays only these. */
const PARTS = {
  people: ({ page, faults }) => people(page, faults),
  contact: ({ browser, server, page, faults }) => contact(browser, server, page, faults),
  targets: ({ browser, server, page, faults }) =>
    undisturbed(page, () => targets(browser, server, page, faults)),
  loan: ({ page, faults }) => undisturbed(page, () => loan(page, faults)),
  overflow: ({ browser, server, page, faults }) =>
    undisturbed(page, () => overflow(browser, server, page, faults)),
  boards: ({ browser, server, page, faults }) => boards(browser, server, page, faults),
  levers: ({ page, faults }) => levers(page, faults),
  console: ({ browser, server, page, faults }) => supervision(browser, server, page, faults),
};
const ONLY = process.env.E2E_ONLY?.split(',');

async function centre(browser, server, faults) {
  const page = await step('sign in by a one-time link', faults, () => signIn(browser, server));
  if (!page) throw new Error('nobody could sign in');
  await step('go online', faults, () => goOnline(page));
  for (const [name, play] of Object.entries(PARTS))
    if (!ONLY || ONLY.includes(name)) await play({ browser, server, page, faults });
  faults.push(...page.faults);
}

process.exitCode = await suite('contact centre', centre);
