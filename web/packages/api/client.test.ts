// The client: headers of unsafe calls, problems as errors, the end of a session.
import { expect, it, vi } from 'vitest';
import { Client } from './client';
import { ApiProblem } from './problem';

function make(answer: () => Response): {
  client: Client;
  calls: [string, RequestInit][];
  out: () => number;
} {
  const calls: [string, RequestInit][] = [];
  const signedOut = vi.fn();
  const client = new Client({
    language: () => 'cs',
    signedOut,
    fetch: (address, init) => {
      calls.push([String(address), init ?? {}]);
      return Promise.resolve(answer());
    },
  });
  client.csrf = 'secret';
  return { client, calls, out: () => signedOut.mock.calls.length };
}

it('sends the CSRF header with unsafe calls only, and the language always', async () => {
  const { client, calls } = make(() => Response.json({ ok: true }));
  await client.get('/v1/x', { query: { q: 'a b', none: undefined } });
  await client.post('/v1/x', { body: { a: 1 } });
  expect(calls[0]?.[0]).toBe('/v1/x?q=a+b');
  expect(calls[0]?.[1].headers).not.toHaveProperty('X-Polyphony-CSRF');
  expect(calls[1]?.[1].headers).toMatchObject({
    'X-Polyphony-CSRF': 'secret',
    'Accept-Language': 'cs',
  });
});

it('turns a problem answer into an error with code, words, request id and pause', async () => {
  const body = { code: 'rate.limited', title: 'Too fast', detail: 'Wait', extra: 1 };
  const headers = { 'Retry-After': '2', 'X-Request-Id': 'r1' };
  const { client } = make(() => Response.json(body, { status: 429, headers }));
  const problem = await client.get('/v1/x').catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(ApiProblem);
  expect(problem).toMatchObject({
    status: 429,
    code: 'rate.limited',
    requestId: 'r1',
    retryAfterMs: 2000,
    passing: true,
  });
});

it('copes with an answer that is not ours', async () => {
  const { client } = make(() => new Response('<html>', { status: 502 }));
  await expect(client.get('/v1/x')).rejects.toMatchObject({ code: 'http.502', passing: true });
});

it('reports the end of the session, but not a refused sign-in', async () => {
  const { client, out } = make(() => Response.json({}, { status: 401 }));
  await client.post('/v1/sign_ins').catch(() => undefined);
  expect(out()).toBe(0);
  await client.get('/v1/cases').catch(() => undefined);
  expect(out()).toBe(1);
});
