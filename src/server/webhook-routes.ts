import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from '../connectors/webhook/answer.ts';
import { handleInbound, handleSync, streamSync } from '../connectors/webhook/handle.ts';
import { heartbeatFrame, wantsEventStream } from '../connectors/webhook/stream-events.ts';
import type { Engine } from '../core/ports/engine.ts';
import { answer } from './answer.ts';
import { answerNothing } from './answer-nothing.ts';
import type { BodyMemory } from './body-memory.ts';
import { webhookRequest } from './webhook-request.ts';

export const webhookPrefix = '/webhooks/';
const syncSuffix = '/sync';

/** Below the idle timeouts of the usual proxies, 30 s and more. */
const heartbeatMs = 15_000;
/** What may wait for a reader that is too slow before its connection is given up. */
const maxWaitingBytes = 1024 * 1024;

export interface WebhookContext {
  readonly engine: Engine;
  /** Is told of everything that goes on after its answer. */
  readonly keepAlive: (finished: Promise<void>) => void;
  /** Aborts when sync callers have to be answered with what there is. */
  readonly letGo: AbortSignal;
  /** What bodies may take up. */
  readonly bodies: BodyMemory;
}

/** Serves `/webhooks/{connector_id}` and `/webhooks/{connector_id}/sync`, without a framework: the hot path. */
export async function serveWebhook(
  { engine, keepAlive, letGo, bodies }: WebhookContext,
  request: IncomingMessage,
  response: ServerResponse,
  onRead: () => void,
): Promise<void> {
  const path = pathOf(request.url ?? '').replace(/\/$/, '');
  const isSync = path.endsWith(syncSuffix);
  const connectorId = path.slice(webhookPrefix.length, isSync ? -syncSuffix.length : undefined);
  if (connectorId === '' || connectorId.includes('/')) {
    return answerNothing(request, response);
  }
  const room = bodies.open(Number(request.headers['content-length'] ?? 0));
  response.once('close', room.free);
  const webhook = webhookRequest(request, room, onRead);
  if (!isSync) {
    const { status, headers, body } = await handleInbound(engine, connectorId, webhook);
    return answer(response, status, headers, body);
  }
  if (wantsEventStream(webhook.headers['accept'])) {
    const stream = eventStream(response);
    const streamed = await streamSync(engine, connectorId, webhook, stream.write, { letGo }).finally(
      stream.end,
    );
    keepAlive(streamed.finished);
    if (streamed.answer === null) return;
    return answer(response, streamed.answer.status, streamed.answer.headers, streamed.answer.body);
  }
  const handled = await handleSync(engine, connectorId, webhook, {}, { letGo });
  keepAlive(handled.finished);
  answer(response, handled.answer.status, handled.answer.headers, handled.answer.body);
}

/** The path of a request target, without its query. */
export function pathOf(target: string): string {
  const queryStart = target.indexOf('?');
  return queryStart === -1 ? target : target.slice(0, queryStart);
}

/** An answer whose status is decided by its first event; a reader that leaves or is too slow is let go. */
function eventStream(response: ServerResponse) {
  let heartbeat: NodeJS.Timeout | undefined;
  const write = (frame: string, headers: Answer['headers']): void => {
    if (response.destroyed) return;
    if (!response.headersSent) {
      response.writeHead(200, headers);
      heartbeat = setInterval(() => write(heartbeatFrame, headers), heartbeatMs);
    }
    response.write(frame);
    if (response.writableLength > maxWaitingBytes) response.destroy();
  };
  const end = (): void => {
    clearInterval(heartbeat);
    if (response.headersSent) response.end();
  };
  return { write, end };
}
