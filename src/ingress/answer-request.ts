import type { AcceptedTrigger } from '../core/connectors/accepted-trigger.ts';
import type { AnswerStream, HttpAnswer, HttpHeaders, HttpRequest } from '../core/connectors/http-request.ts';
import { type Answered, explanationOf, type Refused } from '../core/connectors/received.ts';
import type { RequestWay } from '../core/connectors/ways.ts';
import { messageOf, RetryableError } from '../core/errors.ts';
import type { Engine } from '../core/ports/engine.ts';
import { awaitRuns, type RunWatcher } from '../core/runs/await-runs.ts';
import { callerOf, cancelRun } from '../core/runs/cancel-run.ts';
import { type Arrival, arrivalOf } from '../core/triggers/arrival.ts';
import { arrivalAt } from '../core/triggers/dispatch-trigger.ts';
import { noteRefused } from '../core/triggers/note-refused.ts';
import {
  type ReceiveOutcome,
  receiveTrigger,
  refuseUnavailable,
  unknownConnector,
} from '../core/triggers/receive-trigger.ts';
import {
  type CallTarget,
  decoyContext,
  decoyReceived,
  type FoundWay,
  findCalledWay,
} from './find-called-way.ts';
import { acceptedAnswer, emptyAnswer, endedAnswer, refusalAnswer, runPath } from './http-answers.ts';

/** What the platform does for a caller that waits for an answer. */
export interface Caller {
  /**
   * Begins a streamed answer with status 200; the platform sends the heartbeats. Absent if the platform cannot stream.
   * @returns a function that writes a piece
   */
  readonly begin?: (headers: HttpHeaders, heartbeat: () => string) => (piece: string) => void;
  /** How long the platform lets a caller wait, in ms, whatever the connector says. */
  readonly longestMs?: number;
  /** Aborts when the platform stops: callers then get the current state of their runs. */
  readonly letGo?: AbortSignal | undefined;
  /**
   * Calls `listener` if the caller disconnects before it has its answer; absent if the platform does not notice.
   * @returns a function that stops watching
   */
  readonly onDisconnect?: (listener: () => void) => () => void;
  /** Called once the runs are stored: the body of the request is no longer needed. */
  readonly onStored?: () => void;
}

export interface RequestAnswered {
  /** `null` if it was streamed. */
  readonly answer: HttpAnswer | null;
  /**
   * Resolves when the runs that were started here have ended; the process must not stop before. Never rejects. `null` if
   * none were started here.
   */
  readonly finished: Promise<void> | null;
}

/**
 * Handles a request to a connector of any type, on any platform.
 *
 * @returns the answer: once the runs are stored and will execute, or, for mode `sync`, when they have ended or the wait is
 *   over
 */
export async function answerRequest(
  engine: Engine,
  target: CallTarget,
  request: HttpRequest,
  caller: Caller = {},
): Promise<RequestAnswered> {
  let found: FoundWay<'request'> | null;
  try {
    found = await findCalledWay(engine, target, 'request');
  } catch (thrown) {
    return whole(refusalAnswer(refuseUnavailable(engine, target.connectorId, thrown)));
  }
  const call: Call = { target, request, found };
  if (found === null) return whole(await refuse(engine, call, unknownConnector, refusalAnswer));
  const headers = found.isDecoy ? undefined : found.way.headers?.(request, found.connector);
  const received = await receive(engine, found, call);
  if (received.outcome === 'accepted') {
    caller.onStored?.();
    // A repeat of a filtered event has nothing to point to.
    if (received.repeated && received.runIds.length > 0) await noteRepeat(engine, call, received);
    if (received.connector.mode === 'sync')
      return answerRuns(engine, found.way, received, request, caller, headers);
    const answer = (await received.reply?.accepted?.(received)) ?? found.way.answerAccepted?.(received);
    return whole(withHeaders(answer ?? acceptedAnswer(received), headers));
  }
  const answer =
    received.outcome === 'answered'
      ? answeredWith(received)
      : await refuse(engine, call, received, (refused) => refusedWith(found.way, refused));
  return whole(withHeaders(answer, headers));
}

/** Answers a refused request and records it. */
async function refuse(
  engine: Engine,
  call: Call,
  refused: Refused,
  answerOf: (refused: Refused) => HttpAnswer,
): Promise<HttpAnswer> {
  const answer = answerOf(refused);
  await noteRefusal(engine, call, refused, answer.status);
  return answer;
}

function whole(answer: HttpAnswer): RequestAnswered {
  return { answer, finished: null };
}

/** Lets the type read the request. A decoy's outcome cannot be told from that of a connector with another secret. */
function receive(
  engine: Engine,
  { way, connector, isDecoy }: FoundWay<'request'>,
  call: Call,
): Promise<ReceiveOutcome> {
  const { request } = call;
  if (!isDecoy) {
    return receiveTrigger(
      engine,
      connector,
      (context) => way.receive(request, context),
      () => arrivalOfCall(call),
    );
  }
  return receiveTrigger(engine, connector, async (context) => {
    const received = decoyReceived(await way.receive(request, decoyContext(context)));
    const isUnauthorized = received.outcome === 'refused' && received.reason === 'unauthorized';
    return isUnauthorized ? unknownConnector : received;
  });
}

function answeredWith({ answer }: Answered): HttpAnswer {
  return answer ?? emptyAnswer;
}

function refusedWith(way: RequestWay, refused: Refused): HttpAnswer {
  return way.answerRefused?.(refused) ?? refusalAnswer(refused);
}

/** The answer with more headers. */
function withHeaders(answer: HttpAnswer, headers: HttpHeaders | undefined): HttpAnswer {
  return headers === undefined ? answer : { ...answer, headers: { ...answer.headers, ...headers } };
}

/** The answer to an accepted request whose caller waits for the runs. */
async function answerRuns(
  engine: Engine,
  way: RequestWay,
  accepted: AcceptedTrigger,
  request: HttpRequest,
  caller: Caller,
  headers: HttpHeaders | undefined,
): Promise<RequestAnswered> {
  const { reply } = accepted;
  const stopWatching = reply?.cancelsWithCaller ? cancelWithCaller(engine, accepted, caller) : undefined;
  const stream = caller.begin === undefined ? null : (reply?.stream ?? way.stream?.(request));
  if (stream === null || stream === undefined || caller.begin === undefined) {
    const { answer, finished } = await awaitAnswer(engine, way, accepted, caller).finally(stopWatching);
    return { answer: withHeaders(answer, headers), finished };
  }
  const write = caller.begin({ ...stream.headers, ...headers }, () => stream.heartbeat());
  return writeAnswer(engine, way, accepted, caller, stream, write).finally(stopWatching);
}

/** Cancels the runs if their caller disconnects. @returns a function that stops watching */
function cancelWithCaller(
  engine: Engine,
  { connector, runIds }: AcceptedTrigger,
  { onDisconnect }: Caller,
): (() => void) | undefined {
  return onDisconnect?.(() => {
    for (const runId of runIds) {
      cancelRun(engine, callerOf(connector), runId).catch((thrown: unknown) =>
        engine.log.warn('run.not-cancelled', { run_id: runId, reason: messageOf(thrown) }),
      );
    }
  });
}

/** Streams an answer. */
async function writeAnswer(
  engine: Engine,
  way: RequestWay,
  accepted: AcceptedTrigger,
  caller: Caller,
  stream: AnswerStream,
  write: (piece: string) => void,
): Promise<RequestAnswered> {
  for (const runId of accepted.runIds) write(stream.started(runId));
  const firstRunId = accepted.runIds[0] ?? '';
  const onText = (text: string) => write(stream.text(firstRunId, text));
  const { answer, finished } = await awaitAnswer(engine, way, accepted, caller, {
    callerOf: (runId) => (runId === firstRunId ? { onText } : null),
  });
  write(stream.ended(answer));
  return { answer: null, finished };
}

async function awaitAnswer(
  engine: Engine,
  way: RequestWay,
  accepted: AcceptedTrigger,
  { longestMs = Number.POSITIVE_INFINITY, letGo }: Caller,
  watcher?: RunWatcher,
): Promise<{ readonly answer: HttpAnswer; readonly finished: Promise<void> | null }> {
  try {
    const allowedMs = Math.min(way.deadlineMs?.(accepted.connector) ?? longestWaitMs, longestMs);
    const deadlineMs = accepted.waits ? 0 : allowedMs;
    const awaited = await awaitRuns(engine, accepted, deadlineMs, watcher, letGo);
    const replied =
      (await accepted.reply?.ended?.(accepted, awaited)) ?? way.answerEnded?.(accepted, awaited);
    const answer = replied ?? endedAnswer(accepted, awaited);
    return { answer, finished: awaited.finished };
  } catch (thrown) {
    if (!(thrown instanceof RetryableError)) throw thrown;
    return { answer: unreadableResult(accepted, thrown), finished: null };
  }
}

/** How long a caller waits if the type sets no limit: API Gateway's idle timeout for streaming integrations. */
export const longestWaitMs = 300_000;

/** The runs are stored and continue; only their results cannot be read. */
function unreadableResult(accepted: AcceptedTrigger, thrown: RetryableError): HttpAnswer {
  return withHeaders(refusalAnswer(unreadable(thrown)), { location: runPath(accepted) });
}

/** The answer to a waiting caller if the store is unavailable while its runs continue. */
export function unreadable({ retryAfterSeconds }: RetryableError): Refused {
  const detail = 'The run was started and continues, but its result is currently not available.';
  return { outcome: 'refused', reason: 'unavailable', detail, retryAfterSeconds };
}

/** A request with its target. */
interface Call {
  readonly target: CallTarget;
  readonly request: HttpRequest;
  /** `null` if no connector of any type can be called there. */
  readonly found: FoundWay<'request'> | null;
}

/** What is kept of a request, without what the connector's type treats as a credential. */
function arrivalOfCall({ request, found }: Call): Arrival {
  if (found === null) return arrivalOf(request);
  return arrivalAt(request, found.way, found.connector);
}

/** Records a refused request. Never throws. @param status that the sender gets */
function noteRefusal(engine: Engine, call: Call, refused: Refused, status: number): Promise<void> {
  const { found, target } = call;
  return noteRefused(engine, {
    connectorId: found === null || found.isDecoy ? null : found.connector.id,
    calledId: target.connectorId,
    reason: refused.reason,
    status,
    detail: explanationOf(refused),
    runId: null,
    arrival: () => arrivalOfCall(call),
  });
}

/** Records a request that repeats an earlier one; its sender gets that one's runs. Never throws. */
function noteRepeat(engine: Engine, call: Call, { connector, runIds }: AcceptedTrigger): Promise<void> {
  return noteRefused(engine, {
    connectorId: connector.id,
    calledId: call.target.connectorId,
    reason: 'repeated',
    status: 200,
    detail: 'The request repeats an earlier one. Its sender got the runs of that one.',
    runId: runIds[0] ?? null,
    arrival: () => arrivalOfCall(call),
  });
}
