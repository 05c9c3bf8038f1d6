// Calls to the customers' side of the server: bearer, problems, nothing in the address.

export interface Problem {
  status: number;
  code: string;
  retryAfter: number;
  facts: Record<string, unknown>;
}

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.code);
  }
}

let base = '';
let bearer: string | null = null;

export function setBase(url: string): void {
  base = url;
}

export function setBearer(token: string | null): void {
  bearer = token;
}

export function address(path: string): string {
  return `${base}v1/chat/${path}`;
}

export function staticAddress(name: string): string {
  return `${base}widget/${name}`;
}

export function socketAddress(): string {
  return address('stream').replace(/^http/, 'ws');
}

export async function call<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  extra: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<T> {
  const raw = body instanceof Blob;
  const headers: Record<string, string> = { 'Accept-Language': language, ...extra };
  if (bearer) headers['Authorization'] = `Bearer ${bearer}`;
  if (body !== undefined && !raw) headers['Content-Type'] = 'application/json';
  const answer = await fetch(address(path), {
    method,
    headers,
    body: body === undefined ? null : raw ? body : JSON.stringify(body),
    credentials: 'omit',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    signal: signal ?? null,
  });
  if (!answer.ok) throw new Refused(await problemOf(answer));
  if (answer.status === 204) return undefined as T;
  return (await answer.json()) as T;
}

let language = 'en';
export function setLanguage(code: string): void {
  language = code;
}

export const fetchLogo = (path: string): Promise<Blob> => fetchBlob(`${base}${path}`);
export const fetchFile = (id: string): Promise<Blob> => fetchBlob(address(`files/${id}`));

/** Fetches bytes with the bearer: no secret stands in an address. */
async function fetchBlob(where: string): Promise<Blob> {
  const answer = await fetch(where, {
    headers: bearer ? { Authorization: `Bearer ${bearer}` } : {},
    credentials: 'omit',
    cache: 'no-store',
  });
  if (!answer.ok) throw new Refused(await problemOf(answer));
  return answer.blob();
}

async function problemOf(answer: Response): Promise<Problem> {
  let facts: Record<string, unknown> = {};
  try {
    facts = (await answer.json()) as Record<string, unknown>;
  } catch {
    // a proxy answered in words of its own
  }
  return {
    status: answer.status,
    code: String(facts['code'] ?? ''),
    retryAfter: Number(answer.headers.get('Retry-After') ?? 0),
    facts,
  };
}
