import { PassThrough } from 'node:stream';
import type { HttpRequest } from '../../../core/connectors/http-request.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { answerRequest, type Caller } from '../../../ingress/answer-request.ts';
import type { CallTarget } from '../../../ingress/find-called-way.ts';
import type { HttpAnswer, UnfinishedWork } from './http-function.ts';

/** API Gateway closes a stream that is silent for 5 minutes; proxies in between may close it after 30 s. */
const heartbeatMs = 15_000;

/**
 * Longest wait of a caller, in ms: below the 300 s of the route's integration, so that the caller gets our answer. A
 * REST API also closes a connection that is silent for 300 s.
 */
export const longestWaitMs = 285_000;

/**
 * Answers a request to a connector whose caller waits for the result: at the end, or as a stream if the sender asks for
 * one. Resolves with the first piece, which decides the status.
 *
 * @param unfinished receives the runs that continue after their caller's deadline
 */
export function awaitedAnswer(
  engine: Engine,
  target: CallTarget,
  request: HttpRequest,
  unfinished: UnfinishedWork,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const pieces = streamedPieces(resolve);
    const caller: Caller = { begin: pieces.begin, longestMs: longestWaitMs };
    const ended = answerRequest(engine, target, request, caller).then(
      async ({ answer, finished }) => {
        if (answer !== null) resolve(answer);
        pieces.end();
        await finished;
      },
      (thrown: unknown) => {
        reject(thrown);
        pieces.destroy();
      },
    );
    unfinished.add(ended);
  });
}

/** @param onBegin is called with the answer when it begins */
function streamedPieces(onBegin: (answer: HttpAnswer) => void) {
  const body = new PassThrough();
  let heartbeats: NodeJS.Timeout | undefined;
  // A caller that hangs up destroys the stream; the run continues without it.
  const write = (piece: string) => {
    if (!body.destroyed) body.write(piece);
  };
  const begin: NonNullable<Caller['begin']> = (headers, heartbeat) => {
    onBegin({ status: 200, headers, body });
    heartbeats = setInterval(() => write(heartbeat()), heartbeatMs);
    return write;
  };
  return {
    begin,
    end() {
      clearInterval(heartbeats);
      body.end();
    },
    destroy() {
      clearInterval(heartbeats);
      body.destroy();
    },
  };
}
