import type { AcceptedTrigger, AwaitedRuns } from '../core/connectors/accepted-trigger.ts';
import type { HttpAnswer, HttpHeaders } from '../core/connectors/http-request.ts';
import type { Refused } from '../core/connectors/received.ts';
import type { RefusalReason } from '../core/connectors/refusal-reason.ts';
import type { Run } from '../core/runs/run.ts';

const jsonHeaders = { 'content-type': 'application/json', 'cache-control': 'no-store' };
const replayedHeaders = { ...jsonHeaders, 'idempotent-replayed': 'true' };

const allowedMethods = 'GET, HEAD, OPTIONS, POST';

const wrongCredentials = {
  status: 401,
  code: 'unauthorized',
  headers: { 'www-authenticate': 'Bearer' },
};

/**
 * The only place that decides the status of a refusal. A call to an unknown connector gets the same answer as a wrong
 * secret, so that nobody finds ids by probing.
 */
const refusals: Readonly<
  Record<RefusalReason, { status: number; code: string; headers?: Record<string, string> }>
> = {
  malformed: { status: 400, code: 'malformed' },
  unauthorized: wrongCredentials,
  'unknown-connector': wrongCredentials,
  'method-not-allowed': { status: 405, code: 'method-not-allowed', headers: { allow: allowedMethods } },
  'origin-not-allowed': { status: 403, code: 'origin-not-allowed' },
  'no-linked-agents': { status: 409, code: 'no-linked-agents' },
  'too-large': { status: 413, code: 'too-large' },
  'unsupported-media-type': { status: 415, code: 'unsupported-media-type' },
  'idempotency-mismatch': { status: 422, code: 'idempotency-mismatch' },
  'too-deep': { status: 422, code: 'too-deep' },
  'input-invalid': { status: 422, code: 'input-invalid' },
  'connector-disabled': { status: 423, code: 'connector-disabled' },
  'rate-limited': { status: 429, code: 'rate-limited' },
  'budget-reached': { status: 429, code: 'budget-reached' },
  unavailable: { status: 503, code: 'unavailable' },
};

/** `{"detail", "code"}` with the status of the refusal's reason. */
export function refusalAnswer(refused: Refused): HttpAnswer {
  const { status, code, headers } = refusals[refused.reason];
  const seconds = refused.retryAfterSeconds;
  return {
    status,
    headers: {
      ...jsonHeaders,
      ...headers,
      ...(seconds === undefined ? {} : { 'retry-after': String(Math.max(1, Math.ceil(seconds))) }),
    },
    body: JSON.stringify({ detail: refused.detail, code }),
  };
}

/** The answer to an event that starts nothing, if its type defines none. */
export const emptyAnswer: HttpAnswer = { status: 200, headers: { 'cache-control': 'no-store' }, body: '' };

/** The answer once the runs are stored, if the type defines none. */
export function acceptedAnswer(accepted: AcceptedTrigger): HttpAnswer {
  const { runIds, scheduledAt } = accepted;
  const due = scheduledAt === undefined ? {} : { scheduled_at: new Date(scheduledAt).toISOString() };
  const filtered = isFiltered(accepted) ? { filtered: true } : {};
  const body = { status: 'ok', dispatched_to: runIds.length, run_ids: runIds, ...due, ...filtered };
  return { status: 200, headers: headersOf(accepted), body: JSON.stringify(body) };
}

/** The answer to a caller that waited for the runs, if the type defines none. */
export function endedAnswer(accepted: AcceptedTrigger, awaited: AwaitedRuns): HttpAnswer {
  const filtered = isFiltered(accepted) ? { filtered: true } : {};
  const body = JSON.stringify({ ...syncBody(awaited), ...filtered });
  if (awaited.outcome === 'ended') return { status: 200, headers: headersOf(accepted), body };
  return { status: 202, headers: { ...headersOf(accepted), location: runPath(accepted) }, body };
}

/** Whether no linked agent wanted the event: it is stored, and started nothing. */
function isFiltered({ runIds }: AcceptedTrigger): boolean {
  return runIds.length === 0;
}

/** Where the management API shows the first run of a trigger. */
export function runPath(accepted: AcceptedTrigger): string {
  return `/api/v1/runs/${accepted.runIds[0] ?? ''}`;
}

/** The body of a sync answer: `result` is the first link's; `results` lists all if there are several. */
function syncBody(awaited: AwaitedRuns): SyncBody {
  const results = awaited.runs.map((run) => resultOf(run, awaited.outcome));
  const [result = null] = results;
  return {
    status: awaited.outcome === 'ended' ? 'ok' : awaited.outcome,
    result,
    ...(results.length > 1 ? { results } : {}),
  };
}

interface SyncBody {
  readonly status: 'ok' | Exclude<AwaitedRuns['outcome'], 'ended'>;
  readonly result: RunResult | null;
  readonly results?: readonly RunResult[];
}

/** One run in a sync answer. */
interface RunResult {
  readonly run_id: string;
  readonly agent_name: string;
  readonly status: Run['status'];
  readonly output: string | null;
  readonly error: string | null;
}

function resultOf(run: Run, outcome: AwaitedRuns['outcome']): RunResult {
  return {
    run_id: run.runId,
    agent_name: run.agentName,
    // Unless it is held back, whether a run is queued or in progress is internal: to its caller, it is running.
    status: run.status === 'queued' && outcome === 'timeout' ? 'running' : run.status,
    output: run.status === 'completed' ? run.output : null,
    error: run.error?.message ?? null,
  };
}

function headersOf(accepted: AcceptedTrigger): HttpHeaders {
  return accepted.repeated ? replayedHeaders : jsonHeaders;
}
