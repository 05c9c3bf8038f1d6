// A refusal of the server (application/problem+json) or of the line, as one error type.

export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string;
  readonly retryAfterMs: number | undefined;
  readonly facts: Record<string, unknown>;

  constructor(fields: {
    status: number;
    code: string;
    title: string;
    detail?: string;
    requestId?: string;
    retryAfterMs?: number;
    facts?: Record<string, unknown>;
  }) {
    super(fields.title);
    this.name = 'ApiProblem';
    this.status = fields.status;
    this.code = fields.code;
    this.title = fields.title;
    this.detail = fields.detail ?? '';
    this.requestId = fields.requestId ?? '';
    this.retryAfterMs = fields.retryAfterMs;
    this.facts = fields.facts ?? {};
  }

  /** The line or the server broke; the same call may succeed later. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export async function problemOf(answer: Response): Promise<ApiProblem> {
  let body: Record<string, unknown> = {};
  try {
    body = (await answer.json()) as Record<string, unknown>;
  } catch {
    // an answer that is not ours (a proxy's page): the status must do
  }
  const wait = Number(answer.headers.get('Retry-After'));
  return new ApiProblem({
    status: answer.status,
    code: text(body.code) || `http.${answer.status}`,
    title: text(body.title) || answer.statusText,
    detail: text(body.detail),
    requestId: answer.headers.get('X-Request-Id') ?? text(body.instance),
    retryAfterMs: Number.isFinite(wait) && wait > 0 ? wait * 1000 : undefined,
    facts: body,
  });
}

export const lineDown = (): ApiProblem =>
  new ApiProblem({ status: 0, code: 'line.down', title: '' });
