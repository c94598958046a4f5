import { parseExactly } from '../../src/api/contract/exact-json.ts';
import { pageHeader } from '../../src/api/contract/page-header.ts';
import type { ErrorBody } from '../../src/api/contract/problem.ts';
import { currentToken, endSession, renewToken } from '../session/session.ts';

type FieldProblems = NonNullable<ErrorBody['problems']>;

/** An unsuccessful answer, or no answer (`status` 0). */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly code: string;
  readonly problems: FieldProblems;

  constructor(status: number, code: string, detail: string, problems: FieldProblems = []) {
    super(detail);
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

type QueryValue = string | number | null | undefined;

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Default: the token of the signed-in user. */
  readonly token?: string;
}

/**
 * Calls the management API. The answer has the contract's shape, because page and API are built and served together.
 *
 * @param path below `/api/v1`, with its parts encoded
 * @throws ApiFailure for every unsuccessful answer; a 401 ends the session
 */
export async function request<Answer>(path: string, options: RequestOptions = {}): Promise<Answer> {
  const response = await send(path, options);
  if (response.ok) return readJson(response);
  throw await failureOf(response);
}

/** `undefined` for an answer without a body (204). */
async function readJson<Answer>(response: Response): Promise<Answer>;
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? undefined : parseExactly(text);
}

/** Sends a call and returns its raw response, for streams. Renews a rejected token once. */
export async function send(path: string, options: RequestOptions): Promise<Response> {
  if (options.token !== undefined) return sendWith(options.token, path, options);
  const response = await sendWith(await currentToken(), path, options);
  if (response.status !== 401) return response;
  const renewed = await renewToken();
  const again = renewed === null ? response : await sendWith(renewed, path, options);
  if (again.status === 401) endSession();
  return again;
}

/** @param token `null` for the session cookie, which is accepted only with the page's own header */
async function sendWith(token: string | null, path: string, options: RequestOptions): Promise<Response> {
  const { method = 'GET', query = {}, body, signal } = options;
  const headers = new Headers({ ...options.headers, [pageHeader]: '1' });
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', 'application/json');
  try {
    return await fetch(`/api/v1${path}${queryText(query)}`, {
      method,
      headers,
      cache: 'no-store',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    throw new ApiFailure(0, 'unreachable', 'The server is not responding. Is it running?');
  }
}

function queryText(query: Readonly<Record<string, QueryValue>>): string {
  const given = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  );
  const text = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const fallback = {
    detail: `The server responded with status ${response.status}.`,
    code: 'unexpected-answer',
  };
  const body: ErrorBody = await response.json().catch(() => fallback);
  return new ApiFailure(response.status, body.code, body.detail, body.problems);
}
