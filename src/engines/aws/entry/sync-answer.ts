import { PassThrough } from 'node:stream';
import type { Answer } from '../../../connectors/webhook/answer.ts';
import { handleSync, streamSync } from '../../../connectors/webhook/handle.ts';
import type { WebhookRequest } from '../../../connectors/webhook/http-request.ts';
import { heartbeatFrame, wantsEventStream } from '../../../connectors/webhook/stream-events.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import type { HttpAnswer } from './http-function.ts';
import type { UnfinishedWork } from './unfinished-work.ts';

/** API Gateway ends a stream that is silent for 5 minutes; proxies on the way do after 30 s and more. */
const heartbeatMs = 15_000;

/**
 * How long a caller may wait, in ms: below the 300 s of the route's integration, so that it gets an answer of ours; a
 * REST API also ends a connection that is silent for 300 s.
 */
export const longestWaitMs = 285_000;
const callerWait = { longestMs: longestWaitMs };

/**
 * What a sync webhook answers: its result, or events for a sender that asks for them.
 *
 * @param unfinished gets the runs that go on after their caller's deadline
 */
export async function syncAnswer(
  engine: Engine,
  connectorId: string,
  request: WebhookRequest,
  unfinished: UnfinishedWork,
): Promise<HttpAnswer> {
  if (wantsEventStream(request.headers['accept'])) {
    return streamedAnswer(engine, connectorId, request, unfinished);
  }
  const { answer, finished } = await handleSync(engine, connectorId, request, {}, callerWait);
  unfinished.add(finished);
  return answer;
}

/** Resolves with the first event, which decides the status; or with the refusal, where there is none. */
function streamedAnswer(
  engine: Engine,
  connectorId: string,
  request: WebhookRequest,
  unfinished: UnfinishedWork,
): Promise<HttpAnswer> {
  const events = new PassThrough();
  // A caller that hangs up destroys the stream; the run goes on without it.
  const write = (frame: string) => {
    if (!events.destroyed) events.write(frame);
  };
  const heartbeat = setInterval(() => write(heartbeatFrame), heartbeatMs);
  return new Promise((resolve, reject) => {
    const onFrame = (frame: string, headers: Answer['headers']) => {
      resolve({ status: 200, headers, body: events });
      write(frame);
    };
    const handled = streamSync(engine, connectorId, request, onFrame, callerWait);
    const ended = handled.then(
      async ({ answer, finished }) => {
        if (answer !== null) resolve(answer);
        clearInterval(heartbeat);
        events.end();
        await finished;
      },
      (thrown: unknown) => {
        reject(thrown);
        clearInterval(heartbeat);
        events.destroy();
      },
    );
    unfinished.add(ended);
  });
}
