// A small TCP proxy that spoils connections by a sequence of chances from a seed, so that a failure can be replayed.
import { createServer, connect } from 'node:net';

/** Numbers from 0 to 1, the same ones for the same seed. */
export function chances(seed) {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

/**
 * Starts a proxy before a port of the loopback. Each connection gets its fate when it is made: after how many bytes
 * it is cut (in the midst of a frame, as it comes), and how long each piece is held up.
 */
export async function startProxy(target, { seed = 1, bytes = 20_000, delay = 25 } = {}) {
  const chance = chances(seed);
  const open = new Set();
  const record = [];
  const state = { quiet: false, offline: false, cuts: 0, truncated: 0 };

  const close = (pair) => {
    if (!open.delete(pair)) return;
    pair.near.destroy();
    pair.far.destroy();
  };

  const pass = (pair, from, to, fate) => {
    let last = Promise.resolve();
    from.on('data', (piece) => {
      from.pause();
      last = last.then(async () => {
        if (!state.quiet && fate.delay > 1)
          await new Promise((done) => setTimeout(done, fate.delay));
        pair.seen += piece.length;
        const over = pair.seen - fate.cut;
        if (!state.quiet && over >= 0) {
          to.write(piece.subarray(0, Math.max(0, piece.length - over)));
          state.cuts += 1;
          state.truncated += Number(over > 0);
          setTimeout(() => close(pair), 5);
          return;
        }
        to.write(piece);
        from.resume();
      });
    });
    for (const event of ['close', 'error']) from.on(event, () => close(pair));
  };

  const server = createServer((near) => {
    const fate = {
      cut: Math.round(chance() * chance() * bytes) + 1,
      delay: Math.round(chance() ** 3 * delay),
    };
    record.push(fate);
    if (state.offline) {
      near.on('error', () => undefined);
      near.destroy();
      return;
    }
    const pair = { near, far: connect(target, '127.0.0.1'), seen: 0 };
    open.add(pair);
    pass(pair, near, pair.far, { ...fate, cut: Infinity });
    pass(pair, pair.far, near, fate);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));

  return {
    port: server.address().port,
    state,
    record,
    /** Cuts everything that is open, wherever it stands. */
    cutAll: () => {
      for (const pair of [...open]) {
        state.cuts += 1;
        close(pair);
      }
    },
    offline: (on) => {
      state.offline = on;
      if (on) for (const pair of [...open]) close(pair);
    },
    stop: () =>
      new Promise((done) => {
        for (const pair of [...open]) close(pair);
        server.close(done);
      }),
  };
}
