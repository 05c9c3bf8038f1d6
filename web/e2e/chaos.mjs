// Chaos: sockets killed at random bytes, the web process killed, the network gone, all under load; nothing lost or doubled.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { WebSocket } from 'undici';
import { createServer } from 'vite';
import { startProxy } from './proxy.mjs';
import { step, until } from './steps.mjs';

const CLIENTS = 6;
const WEB = fileURLToPath(new URL('../', import.meta.url));

const SHORT = { seed: 1, kills: 40, restarts: 1, offline_s: 4, notes_s: 6, drain_ms: 90_000 };
const LONG = { seed: 2, kills: 1_000, restarts: 8, offline_s: 60, notes_s: 8, drain_ms: 240_000 };

/** The real modules of the workspace, compiled on the way. */
async function modules() {
  const vite = await createServer({
    configFile: `${WEB}vite.config.ts`,
    root: WEB,
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    appType: 'custom',
    logLevel: 'error',
    optimizeDeps: { noDiscovery: true },
  });
  const load = (path) => vite.ssrLoadModule(`${WEB}${path}`);
  const [api, sync, out, rows, shelf, sending] = await Promise.all(
    [
      'packages/api/client.ts',
      'packages/sync/stream.ts',
      'packages/sync/outbox.ts',
      'packages/sync/entities.ts',
      'packages/sync/shelf.ts',
      'apps/agent/src/data/sending.ts',
    ].map(load),
  );
  return { ...api, ...sync, ...out, ...rows, ...shelf, ...sending, end: () => vite.close() };
}

/** One screen without a picture: entity store, stream and outbox as the workspace has them. */
class Screen {
  resets = 0;
  dials = 0;
  backwards = 0;

  constructor(made, door, cases) {
    this.cases = cases;
    this.made = made;
    this.door = door;
    this.store = new made.EntityStore((work) => setImmediate(work));
    this.client = new made.Client({
      language: () => 'en',
      signedOut: () => undefined,
      fetch: (path, init) =>
        fetch(door.base + path, {
          ...init,
          signal: AbortSignal.timeout(10_000),
          headers: { ...init.headers, ...door.headers },
        }),
    });
    this.client.csrf = door.csrf;
    const kept = made.memoryShelf();
    this.outbox = new made.Outbox({
      storage: { all: kept.all, put: (item) => kept.put(item.cid, item), remove: kept.remove },
      send: (item) => made.send(this.client, item, ({ message }) => this.put('message', message)),
      missed: (item) => void this.fetchCase(item.lane).catch(() => undefined),
      now: () => Date.now(),
    });
    this.stream = this.makeStream();
  }

  makeStream() {
    const { door } = this;
    return new this.made.Stream(
      {
        ticket: async () => (await this.client.post('/v1/stream/ticket')).ticket,
        open: () => {
          this.dials += 1;
          const socket = new WebSocket(`${door.base.replace('http', 'ws')}/v1/stream`, {
            headers: door.headers,
          });
          socket.addEventListener('error', () => undefined);
          return socket;
        },
        apply: (events) => events.forEach((event) => this.apply(event)),
        reset: async () => {
          this.resets += 1;
          return this.fetchAll();
        },
        time: () => undefined,
        ephemeral: () => undefined,
        build: () => undefined,
        state: (state) => state === 'live' && this.outbox.resume(),
      },
      { schema: 1, build: 'chaos' },
    );
  }

  apply(event) {
    if (event.cid) void this.outbox.echo(event.cid);
    if (event.op === 'upsert' && event.data?.version !== undefined)
      this.put(event.entity, event.data);
    else if (event.op === 'gone') this.store.gone(event.entity, event.id, event.v);
    else if (event.op === 'touch' && this.cases.includes(event.case))
      void this.fetchCase(event.case).catch(() => undefined);
  }

  put(entity, row) {
    const before = this.store.get(entity, row.id);
    this.store.put(entity, row);
    const after = this.store.get(entity, row.id);
    if (before && after.version < before.version) this.backwards += 1;
    if (row.cid) void this.outbox.echo(row.cid);
  }

  async fetchCase(id) {
    const answer = await this.client.get(`/v1/cases/${id}`);
    this.put('case', answer.case);
    answer.messages.forEach((row) => this.put('message', row));
  }

  async fetchAll() {
    const boot = await this.client.get('/v1/bootstrap', { query: { view: 'all' } });
    const leave = this.store.renew();
    boot.list.items.forEach((row) => this.put('case', row));
    for (const id of this.cases) await this.fetchCase(id);
    leave();
    this.stream.grants = boot.grants;
    return boot.cursor;
  }

  async begin() {
    const cursor = await this.fetchAll();
    await this.outbox.load();
    this.stream.start(cursor, this.stream.grants);
  }

  note(id, text) {
    const cid = crypto.randomUUID();
    const path = `/v1/cases/${id}/notes`;
    return this.outbox.add({ cid, lane: id, kind: 'note', path, body: { text } });
  }
}

async function doorOf(page, base) {
  const { origin } = new URL(page.url());
  const cookies = await page.context().cookies();
  const cookie = cookies.map((one) => `${one.name}=${one.value}`).join('; ');
  const headers = { cookie, origin };
  const answer = await fetch(`${origin}/v1/sign_ins/current`, { headers });
  const { csrf } = await answer.json();
  return { base, headers, csrf, origin };
}

/** The process of the web role below a process of ours. */
function webOf(parent) {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,args=']).toString().split('\n');
  const found = rows.map((row) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row)).filter(Boolean);
  const below = found.find((one) => Number(one[2]) === parent && / role web( |$)/.test(one[3]));
  return below ? Number(below[1]) : undefined;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Writes on without a stop until told otherwise; resolves with what was written, by Case. */
function load(screens, cases, perSecond, mark) {
  const written = new Map(cases.map((id) => [id, []]));
  let number = 0;
  const timer = setInterval(() => {
    // every Case has one writer, so that its order is known
    const at = number % cases.length;
    const text = `${mark} ${number}`;
    number += 1;
    written.get(cases[at]).push(text);
    void screens[at % screens.length].note(cases[at], text);
  }, 1_000 / perSecond);
  return () => {
    clearInterval(timer);
    return written;
  };
}

async function torment(proxy, plan, pid) {
  const began = Date.now();
  let restarts = 0;
  let gone = 0;
  const every = plan.kills / (plan.restarts + 1);
  while (proxy.state.cuts < plan.kills) {
    await pause(40);
    if (proxy.state.cuts % 5 === 0) proxy.cutAll();
    if (pid && restarts < plan.restarts && proxy.state.cuts > every * (restarts + 1)) {
      restarts += 1;
      const web = webOf(pid);
      if (web) process.kill(web, 'SIGKILL');
      await until('the web role again', () => webOf(pid) && webOf(pid) !== web, 20_000);
    }
    if (gone === 0 && proxy.state.cuts > plan.kills / 2) {
      gone = plan.offline_s;
      proxy.offline(true);
      await pause(gone * 1_000);
      proxy.offline(false);
    }
    assert.ok(Date.now() - began < 30 * 60_000, 'it ends some time');
  }
  return { restarts, gone };
}

const said = (rows, mark) =>
  rows
    .filter((row) => row.text?.startsWith(mark))
    .sort((a, b) => a.position - b.position)
    .map((row) => row.text);

/** Asked as often as the server lets one ask: a long story has many pages. */
async function patiently(door, path) {
  for (;;) {
    const answer = await fetch(door.origin + path, { headers: door.headers });
    if (answer.ok) return answer.json();
    assert.equal(answer.status, 429, `${path}: ${answer.status}`);
    await pause(1_000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}

async function newest(door, id, mark, number) {
  const found = [];
  let page = await patiently(door, `/v1/cases/${id}`);
  for (;;) {
    const rows = page.messages ?? page.items;
    found.unshift(...rows);
    if (rows.length === 0 || found.filter((row) => row.text?.startsWith(mark)).length >= number)
      break;
    const before = Math.min(...found.map((row) => row.position));
    page = await patiently(door, `/v1/cases/${id}/items?before=${before}&limit=200`);
  }
  return found;
}

async function judge(screens, door, written, mark) {
  for (const [id, texts] of written) {
    const rows = await newest(door, id, mark, texts.length);
    assert.deepEqual(said(rows, mark), texts, 'on the server: all once, in order');
    for (const { store } of screens) {
      const here = store.all('message').filter((row) => row.case_id === id);
      assert.deepEqual(said(here, mark).slice(-40), texts.slice(-40), 'on the screen: all once');
    }
  }
  for (const { backwards } of screens) assert.equal(backwards, 0, 'no row went back');
}

/** Every screen holds what is fetched now, row by row; the world goes on meanwhile, so this is asked again. */
async function same(screens, door, cases) {
  const rows = (await patiently(door, '/v1/bootstrap?view=all')).list.items.map((row) => [
    'case',
    row,
  ]);
  for (const id of cases)
    rows.push(
      ...(await patiently(door, `/v1/cases/${id}`)).messages.map((row) => ['message', row]),
    );
  return screens.every(({ store }) =>
    rows.every(([type, row]) => store.get(type, row.id)?.version === row.version),
  );
}

async function run(page, server, plan) {
  const { origin } = new URL(page.url());
  const proxy = await startProxy(Number(new URL(origin).port), { seed: plan.seed });
  proxy.state.quiet = true;
  const made = await modules();
  const door = await doorOf(page, `http://127.0.0.1:${proxy.port}`);
  const cases = await page.evaluate(async () => {
    const { items } = await (await fetch('/v1/cases?tab=all&limit=50')).json();
    return items
      .filter((one) => one.state !== 'merged')
      .slice(0, 6)
      .map((one) => one.id);
  });
  const screens = Array.from({ length: CLIENTS }, () => new Screen(made, door, cases));
  const mark = `Chaos ${Date.now()}`;
  try {
    for (const screen of screens) await screen.begin();
    await until('all in step', () => screens.every((one) => one.stream.state === 'live'));
    proxy.state.quiet = false;
    const stop = load(screens, cases, plan.notes_s, mark);
    const did = await torment(proxy, plan, server.pid);
    const written = stop();
    proxy.state.quiet = true;
    const back = Date.now();
    screens.forEach((one) => one.stream.wake());
    const empty = () => screens.every((one) => one.outbox.list().length === 0);
    await until('everything sent', empty, plan.drain_ms);
    await until('all in step', () => screens.every((one) => one.stream.state === 'live'), 60_000);
    await until('the screens are as a fresh fetch', () => same(screens, door, cases), 30_000);
    const settled = ((Date.now() - back) / 1_000).toFixed(1);
    await judge(screens, door, written, mark);
    const sum = (name) => screens.reduce((all, one) => all + one[name], 0);
    const total = [...written.values()].flat().length;
    console.log(
      `     ${proxy.state.cuts} cuts (${proxy.state.truncated} in a frame), ${did.restarts} restarts, ` +
        `${did.gone} s offline, ${total} notes, ${sum('dials')} dials, ${sum('resets')} resets; ` +
        `lost 0, doubled 0, out of order 0; settled after ${settled} s`,
    );
  } catch (error) {
    for (const { outbox, stream } of screens) {
      const left = outbox
        .list()
        .map((one) => `${one.state} ${one.asks ?? ''} ${one.problem?.code ?? ''}`);
      console.log(`     ${stream.state}: ${left.length} left ${left.slice(0, 4).join(', ')}`);
    }
    console.log(`     seed ${plan.seed}, fates ${JSON.stringify(proxy.record.slice(-20))}`);
    throw error;
  } finally {
    screens.forEach((one) => {
      one.outbox.pause();
      one.stream.stop();
    });
    await proxy.stop();
    await made.end();
  }
}

/** Runs it against the server of a signed-in page; `server.pid` is who supervises the web role. */
export async function chaos(page, server, faults, full = false) {
  const plan = full ? LONG : SHORT;
  await step(`chaos: ${plan.kills} cuts, nothing lost or doubled`, faults, () =>
    run(page, server, plan),
  );
}
