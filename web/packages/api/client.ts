// The one way to the server: JSON over fetch, CSRF header, language, problems as errors.

import { ApiProblem, lineDown, problemOf } from './problem';

export interface CallOptions {
  body?: unknown;
  /** Raw bytes instead of JSON. */
  file?: Blob;
  query?: Record<string, string | number | boolean | null | undefined>;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Only the server's own answer will do, not one kept on this machine. */
  fresh?: boolean;
}

/** What was answered before, kept for when there is no line. */
export interface KeptAnswers {
  keep(address: string, body: unknown): Promise<void>;
  find(address: string): Promise<{ body: unknown } | undefined>;
}

export interface ClientPorts {
  language(): string;
  /** The session has ended on the server. */
  signedOut(): void;
  fetch?: typeof fetch;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export class Client {
  csrf = '';
  answers: KeptAnswers | undefined;
  /** Until then nothing reaches the server: the network is being pretended gone. */
  cutUntil = 0;

  constructor(private readonly ports: ClientPorts) {}

  get = async <T>(path: string, options?: CallOptions): Promise<T> => {
    const { answers } = this;
    if (!answers) return this.call<T>('GET', path, options);
    const asked = address(path, options?.query);
    try {
      const body = await this.call<T>('GET', path, options);
      void answers.keep(asked, body).catch(() => undefined);
      return body;
    } catch (error) {
      const away = error instanceof ApiProblem && error.status === 0 && !options?.fresh;
      const kept = away ? await answers.find(asked) : undefined;
      if (!kept) throw error;
      return kept.body as T;
    }
  };
  post = <T>(path: string, options?: CallOptions): Promise<T> =>
    this.call<T>('POST', path, options);
  put = <T>(path: string, options?: CallOptions): Promise<T> => this.call<T>('PUT', path, options);
  patch = <T>(path: string, options?: CallOptions): Promise<T> =>
    this.call<T>('PATCH', path, options);
  delete = <T>(path: string, options?: CallOptions): Promise<T> =>
    this.call<T>('DELETE', path, options);

  async call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
    const { csrf } = this;
    const answer = await this.fetch(method, path, options);
    // what a sign-in before this one had asked says nothing about this one
    const ours = csrf === this.csrf && !path.startsWith('/v1/sign_ins');
    if (answer.status === 401 && ours) this.ports.signedOut();
    if (!answer.ok) throw await problemOf(answer);
    if (answer.status === 204) return undefined as T;
    return (await answer.json().catch((error: unknown) => {
      if (error instanceof DOMException) throw error;
      throw lineDown(); // the line broke in the midst of the answer
    })) as T;
  }

  /** Plain text of a signed or session-bound address: the source of a mail, a list as a table. */
  async text(path: string, options: CallOptions = {}): Promise<string> {
    const answer = await this.fetch(options.body === undefined ? 'GET' : 'POST', path, options);
    if (!answer.ok) throw await problemOf(answer);
    return answer.text();
  }

  /** Uploads one file with progress from 0 to 1. */
  upload<T>(
    path: string,
    file: File,
    progress: (part: number) => void,
    signal: AbortSignal,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (Date.now() < this.cutUntil) {
        reject(lineDown());
        return;
      }
      const request = new XMLHttpRequest();
      request.open('POST', path);
      request.setRequestHeader('X-Polyphony-CSRF', this.csrf);
      request.setRequestHeader('X-File-Name', encodeURIComponent(file.name));
      request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
      request.upload.onprogress = (event) => progress(event.loaded / Math.max(1, event.total));
      request.onerror = () => reject(lineDown());
      request.onabort = () => reject(lineDown());
      request.onload = () => {
        const answer = new Response(request.responseText, { status: request.status });
        if (answer.ok) resolve(JSON.parse(request.responseText) as T);
        else void problemOf(answer).then(reject);
      };
      signal.addEventListener('abort', () => request.abort());
      request.send(file);
    });
  }

  private async fetch(method: Method, path: string, options: CallOptions): Promise<Response> {
    const headers: Record<string, string> = {
      Accept: 'application/json',
      'Accept-Language': this.ports.language(),
      ...options.headers,
    };
    if (method !== 'GET') headers['X-Polyphony-CSRF'] = this.csrf;
    if (options.body !== undefined) headers['Content-Type'] = 'application/json';
    if (options.file) headers['Content-Type'] = options.file.type || 'application/octet-stream';
    try {
      if (Date.now() < this.cutUntil) throw lineDown();
      return await (this.ports.fetch ?? fetch)(address(path, options.query), {
        method,
        headers,
        body:
          options.file ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
        credentials: 'same-origin',
        signal: options.signal,
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw lineDown();
    }
  }
}

function address(path: string, query: CallOptions['query']): string {
  const known = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  if (known.length === 0) return path;
  return `${path}?${new URLSearchParams(known.map(([key, value]) => [key, String(value)])).toString()}`;
}

export { ApiProblem };
