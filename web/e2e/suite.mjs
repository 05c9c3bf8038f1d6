// A suite of journeys against a real server with its living demo: what it needs, how it is told, how it ends.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromiumPath, launch } from './browser.mjs';
import { startServer } from './server.mjs';

const BUILT = fileURLToPath(
  new URL('../../src/polyphony/static/agent/index.html', import.meta.url),
);

function missing() {
  if (!chromiumPath()) return 'no Chromium on this machine (POLYPHONY_TEST_CHROMIUM names one)';
  if (!existsSync(BUILT)) return 'the screens are not built: npm run build';
  return undefined;
}

/** A server of one's own, or the one whose one-time link POLYPHONY_E2E_LINK holds. */
async function server() {
  const link = process.env.POLYPHONY_E2E_LINK;
  return link ? { address: new URL(link).origin, link, stop: () => {} } : startServer();
}

/** Plays `play(browser, server, faults)`, tells every fault, resolves with the code to exit with. */
export async function suite(name, play) {
  const reason = missing();
  if (reason) {
    console.log(`skipped: ${reason}`);
    return process.env.POLYPHONY_TEST_STRICT === '1' ? 1 : 0;
  }
  const at = await server();
  const browser = await launch();
  const faults = [];
  try {
    await play(browser, at, faults);
  } catch (error) {
    faults.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    if (at.said) console.error(at.said().slice(-3_000));
  } finally {
    await browser.close();
    await at.stop();
  }
  for (const fault of faults) console.error(`FAULT ${fault}`);
  console.log(
    faults.length === 0 ? `${name}: every journey and screen is good` : `${faults.length} faults`,
  );
  return faults.length === 0 ? 0 : 1;
}
