import { errorBody } from '../api/contract/index.ts';
import type { ErrorBody } from '../api/contract/problem.ts';
import type { FieldProblem } from '../core/field-problem.ts';
import { parseExactly } from '../core/json/exact-json.ts';
import { refuseInvalid } from '../core/refusal.ts';
import { CliFailure } from './cli-failure.ts';
import type { Connection } from './connection.ts';
import { printable } from './printable.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A call to the management API: `path` below `/api/v1`; undefined entries of `query` are omitted. */
export interface ApiCall {
  readonly method: Method;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Makes one call and parses its response.
 *
 * @throws CliFailure if there is no response, the token is rejected, something is not found, or the API refuses the
 *   call
 */
export async function requestJson(connection: Connection, call: ApiCall): Promise<unknown> {
  const response = await send(connection, call);
  const answer = await readJson(response);
  if (response.ok) return answer;
  throw apiRefusal(connection.url, response.status, answer);
}

/** A response, or the problems of the request that the API found. */
export type Answered =
  | { readonly outcome: 'answered'; readonly answer: unknown }
  | { readonly outcome: 'invalid'; readonly problems: readonly FieldProblem[] };

/** Like `requestJson`, but returns the problems of an invalid request. */
export async function requestOrProblems(connection: Connection, call: ApiCall): Promise<Answered> {
  const response = await send(connection, call);
  const answer = await readJson(response);
  if (response.ok) return { outcome: 'answered', answer };
  const problems = response.status === 400 ? errorBody.safeParse(answer).data?.problems : undefined;
  if (problems !== undefined) return { outcome: 'invalid', problems };
  throw apiRefusal(connection.url, response.status, answer);
}

/** Sends a call and returns the raw response, for streams. Throws CliFailure if there is no response. */
export async function send(connection: Connection, call: ApiCall): Promise<Response> {
  const headers: Record<string, string> = { ...call.headers, authorization: `Bearer ${connection.token}` };
  if (call.body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = { method: call.method, headers };
  if (call.body !== undefined) init.body = JSON.stringify(call.body);
  try {
    return await fetch(callUrl(connection, call), init);
  } catch (thrown) {
    throw unreachable(connection.url, thrown);
  }
}

/** The failure for a system that does not respond. */
export function unreachable(url: string, cause: unknown): CliFailure {
  const hint = 'Start it with "npm start", or set its address with --url or CONNECTORS_URL.';
  return new CliFailure('unreachable', `No response from ${url}. ${hint}`, { cause });
}

/** The failure for an error response of the management API. */
export function apiRefusal(url: string, status: number, answer: unknown): CliFailure {
  const code = errorBody.safeParse(answer).data?.code;
  if (status !== 401 || code === 'api-key-ended') return refusal(url, status, answer);
  const hint = 'Set CONNECTORS_TOKEN or --token to the token of the server.';
  return new CliFailure('failed', `${url} rejected the access token. ${hint}`);
}

/** The failure for any error response, with the sentence that the response contains. */
export function refusal(url: string, status: number, answer: unknown): CliFailure {
  const kind = status === 404 ? 'notFound' : 'failed';
  const parsed = errorBody.safeParse(answer);
  if (parsed.success) return new CliFailure(kind, printable(inOptions(parsed.data)));
  return new CliFailure(
    'failed',
    `${url} responded with status ${status} but does not look like Agent Connectors. Check the URL.`,
  );
}

/** The sentence of an error; that of invalid fields with the command line's options in place of the API's fields. */
function inOptions({ detail, code, problems }: ErrorBody): string {
  if (code !== 'invalid-request' || problems === undefined) return detail;
  return refuseInvalid(problems.map(({ field, message }) => ({ field: optionOf(field), message }))).detail;
}

function optionOf(field: string): string {
  return field.replace(/^config\./, '--set ').replace(/^agents\.\d+$/, '--agent');
}

function callUrl(connection: Connection, call: ApiCall): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const search = query.size === 0 ? '' : `?${query}`;
  return `${connection.url}/api/v1${call.path}${search}`;
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === '' ? null : parseExactly(text);
  } catch {
    return undefined;
  }
}
