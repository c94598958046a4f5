import type { Context } from 'hono';
import type * as z from 'zod';
import type { Refusal } from '../core/refusal.ts';
import { type ErrorBody, errorBody } from './contract/problem.ts';
import { type RefusalCode, type RefusalStatus, refusalStatuses } from './refusal-status.ts';

/** A JSON response of a route, for its definition. */
export function json<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** The refusals of a route, for its definition: those that every call shares, and its own. */
export function refusals<const Status extends RefusalStatus = never>(...statuses: readonly Status[]) {
  const all: readonly (Status | CommonStatus)[] = [...commonStatuses, ...statuses];
  return Object.fromEntries(all.map((status) => [status, json(errorBody, descriptions[status])])) as Record<
    Status | CommonStatus,
    { description: string; content: { 'application/json': { schema: typeof errorBody } } }
  >;
}

const commonStatuses = [400, 401, 403, 500, 503] as const;
type CommonStatus = (typeof commonStatuses)[number];

const descriptions: Readonly<Record<RefusalStatus, string>> = {
  400: 'The request is invalid. `problems` lists every invalid field.',
  401: 'The token is missing, wrong, expired, or revoked.',
  403: 'The caller is a viewer. Viewers cannot change anything, and cannot see secrets or API keys.',
  404: 'Not found.',
  405: 'The path does not support this method. `Allow` lists the supported ones.',
  409: 'The current state does not allow this.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  422: "The payload does not fit the agent's input schema.",
  429: 'A budget is used up. Try again after `Retry-After` seconds.',
  500: 'Internal server error.',
  503: 'The store is unavailable or over capacity. Nothing was changed. Try again after `Retry-After` seconds.',
};

/** Answers a refusal by the core, with the status for its reason. */
export function answerRefusal<Reason extends RefusalCode>(context: Context, refusal: Refusal<Reason>) {
  if (refusal.retryAfterSeconds !== undefined)
    context.header('Retry-After', String(refusal.retryAfterSeconds));
  return context.json(bodyOf(refusal), refusalStatuses[refusal.reason]);
}

function bodyOf({ detail, reason, problems }: Refusal): ErrorBody {
  return problems.length === 0 ? { detail, code: reason } : { detail, code: reason, problems: [...problems] };
}
