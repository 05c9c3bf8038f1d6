// A real Polyphony with its living demo, in a home of its own on a free port, ended after the test.
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TREE = fileURLToPath(new URL('../../', import.meta.url));
const READY_MS = 180_000;

async function freePort() {
  const probe = createServer();
  await new Promise((done) => probe.listen(0, '127.0.0.1', done));
  const { port } = probe.address();
  await new Promise((done) => probe.close(done));
  return port;
}

function python() {
  const own = join(TREE, '.venv/bin/python');
  return existsSync(own) ? own : 'python3';
}

/** Resolves with {address, link, stop}; rejects with what the server said when it does not start. */
export async function startServer() {
  const home = mkdtempSync(join(tmpdir(), 'polyphony-e2e-'));
  chmodSync(home, 0o755);
  const port = await freePort();
  const child = spawn(python(), ['-m', 'polyphony', 'demo'], {
    cwd: TREE,
    env: {
      ...process.env,
      PYTHONPATH: join(TREE, 'src'),
      POLYPHONY_HOME: home,
      POLYPHONY_PORT: String(port),
      PYTHONUNBUFFERED: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (chunk) => {
    said = (said + chunk).slice(-20_000);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const stop = async () => {
    if (child.exitCode === null) {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await gone;
    }
    rmSync(home, { recursive: true, force: true });
  };
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    const link = /https?:\/\/\S+#\/link\/\S+/.exec(said)?.[0];
    if (link)
      return { address: `http://127.0.0.1:${port}`, link, stop, said: () => said, pid: child.pid };
    if (child.exitCode !== null) break;
    await new Promise((done) => setTimeout(done, 200));
  }
  await stop();
  throw new Error(`the server did not become ready:\n${said.slice(-4_000)}`);
}
