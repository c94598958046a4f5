import { RetryableError } from '../../core/errors.ts';
import type { Engine } from '../../core/ports/engine.ts';
import { awaitRuns } from '../../core/runs/await-runs.ts';
import { receiveTrigger } from '../../core/triggers/receive-trigger.ts';
import {
  type Accepted,
  type Answer,
  inboundAnswer,
  probeAnswer,
  refusalAnswer,
  runPath,
  syncAnswer,
} from './answer.ts';
import { type Headers, sharedWith, withHeaders } from './cross-origin-headers.ts';
import type { WebhookRequest } from './http-request.ts';
import { syncDeadlineMs } from './receiving-config.ts';
import { chunkFrame, errorFrame, resultFrame, runFrame, streamHeaders } from './stream-events.ts';
import { webhook } from './webhook.ts';

/**
 * All that an inbound webhook does with a request, on any platform.
 *
 * @returns the answer, once the runs are stored and sure to be executed
 */
export async function handleInbound(
  engine: Engine,
  connectorId: string,
  request: WebhookRequest,
): Promise<Answer> {
  const shared = await sharedWith(engine, connectorId, request);
  if (isProbe(request)) return withHeaders(probeAnswer(request.method), shared);
  const received = await receiveTrigger(engine, webhook, 'inbound', connectorId, request);
  const answer = received.outcome === 'accepted' ? inboundAnswer(received) : refusalAnswer(received);
  return withHeaders(answer, shared);
}

export interface SyncHandled {
  readonly answer: Answer;
  /** Resolves when the runs that were started here have ended; the process must not stop before. Never rejects. */
  readonly finished: Promise<void>;
}

/** Is told what happens between the request and its answer. */
export interface SyncListener {
  readonly onAccepted?: (accepted: Accepted) => void;
  /** Called with the first run's text as its model writes it. */
  readonly onText?: (text: string) => void;
}

/** How long the platform lets a caller wait, whatever the connector says. */
export interface CallerWait {
  readonly longestMs?: number;
  /** Aborts when callers have to be answered with what there is: the platform stops. */
  readonly letGo?: AbortSignal | undefined;
}

/**
 * All that a sync webhook does with a request, on any platform.
 *
 * @returns the answer, when the runs have ended or at the end of the wait
 */
export async function handleSync(
  engine: Engine,
  connectorId: string,
  request: WebhookRequest,
  listener: SyncListener = {},
  wait: CallerWait = {},
): Promise<SyncHandled> {
  const shared = await sharedWith(engine, connectorId, request);
  const { answer, finished } = await answerSync(engine, connectorId, request, listener, wait);
  return { answer: withHeaders(answer, shared), finished };
}

async function answerSync(
  engine: Engine,
  connectorId: string,
  request: WebhookRequest,
  listener: SyncListener,
  { longestMs = Number.POSITIVE_INFINITY, letGo }: CallerWait,
): Promise<SyncHandled> {
  if (isProbe(request)) return { answer: probeAnswer(request.method), finished: Promise.resolve() };
  const received = await receiveTrigger(engine, webhook, 'sync', connectorId, request);
  if (received.outcome === 'refused') return { answer: refusalAnswer(received), finished: Promise.resolve() };
  listener.onAccepted?.(received);
  try {
    const deadlineMs = Math.min(syncDeadlineMs(received.connector), longestMs);
    const awaited = await awaitRuns(engine, received, deadlineMs, listener.onText, letGo);
    return { answer: syncAnswer(received, awaited), finished: awaited.finished };
  } catch (thrown) {
    if (!(thrown instanceof RetryableError)) throw thrown;
    return { answer: unreadableResult(received, thrown), finished: Promise.resolve() };
  }
}

/** Some senders look first whether anybody is there. They get an answer that tells nothing and starts nothing. */
function isProbe({ method }: WebhookRequest): boolean {
  return method === 'HEAD' || method === 'OPTIONS';
}

/** The runs are stored and go on; only their results cannot be read. */
function unreadableResult(accepted: Accepted, thrown: RetryableError): Answer {
  const answer = refusalAnswer({
    outcome: 'refused',
    reason: 'unavailable',
    detail: 'The run was started and goes on, but its result cannot be read right now.',
    retryAfterSeconds: thrown.retryAfterSeconds,
  });
  return { ...answer, headers: { ...answer.headers, location: runPath(accepted) } };
}

/**
 * As `handleSync`, for a sender that wants events: `write` gets each as text, with the headers of the stream. Nothing is written for a refused
 * request, so that its status code can still be told.
 *
 * @returns `answer` where the request was refused; `null` where all was written
 */
export async function streamSync(
  engine: Engine,
  connectorId: string,
  request: WebhookRequest,
  write: (frame: string, headers: Headers) => void,
  wait?: CallerWait,
): Promise<{ readonly answer: Answer | null; readonly finished: Promise<void> }> {
  const shared = await sharedWith(engine, connectorId, request);
  const send = (frame: string) => write(frame, { ...streamHeaders, ...shared });
  let firstRunId: string | null = null;
  const listener: SyncListener = {
    onAccepted: ({ runIds }) => {
      firstRunId = runIds[0] ?? '';
      for (const runId of runIds) send(runFrame(runId));
    },
    onText: (text) => send(chunkFrame(firstRunId ?? '', text)),
  };
  const { answer, finished } = await handleSync(engine, connectorId, request, listener, wait);
  if (firstRunId === null) return { answer, finished };
  send(answer.status < 400 ? resultFrame(answer.body) : errorFrame(answer.body));
  return { answer: null, finished };
}
