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

async function centre(browser, server, faults) {
  const page = await step('sign in by a one-time link', faults, () => signIn(browser, server));
  if (!page) throw new Error('nobody could sign in');
  await step('go online', faults, () => goOnline(page));
  await people(page, faults);
  await contact(browser, server, page, faults);
  await undisturbed(page, async () => {
    await targets(browser, server, page, faults);
    await loan(page, faults);
    await overflow(browser, server, page, faults);
  });
  await boards(browser, server, page, faults);
  await levers(page, faults);
  await supervision(browser, server, page, faults);
  faults.push(...page.faults);
}

process.exitCode = await suite('contact centre', centre);
