import type { APIGatewayProxyEvent } from 'aws-lambda';
import { connectorParameter } from '../../../core/connectors/connector-path.ts';
import { bodyOfBytes, type HttpAnswer, type HttpRequest } from '../../../core/connectors/http-request.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import type { CallTarget } from '../../../ingress/find-called-way.ts';
import { emptyAnswer } from '../../../ingress/http-answers.ts';
import { closeSocket, openSocket } from '../../../ingress/socket-session.ts';
import type { SocketQueue } from '../ways/socket/socket-message.ts';
import type { SocketSessions } from '../ways/socket/socket-sessions.ts';
import { headersOf, queryOf } from './http-function.ts';

interface Deps {
  readonly engine: Engine;
  readonly sessions: SocketSessions;
  readonly queue: SocketQueue;
}

/**
 * Answers API Gateway: accepts or refuses a handshake, and leaves messages to the function that executes agents, because
 * API Gateway waits at most 29 seconds.
 */
export async function answerGateway(deps: Deps, event: SocketEvent): Promise<HttpAnswer> {
  const { engine, sessions, queue } = deps;
  const { connectionId: gatewayId = '', eventType, requestId } = event.requestContext;
  if (eventType === 'CONNECT') return connect(deps, gatewayId, event);
  if (eventType === 'DISCONNECT') {
    const closed = await sessions.close(gatewayId);
    if (closed !== null) await closeSocket(engine, closed.session);
    return emptyAnswer;
  }
  const at = engine.clock();
  await queue.send({ kind: 'message', gatewayId, messageId: requestId, text: event.body ?? '', at });
  return emptyAnswer;
}

async function connect(
  { engine, sessions, queue }: Deps,
  gatewayId: string,
  event: SocketEvent,
): Promise<HttpAnswer> {
  const opened = await openSocket(engine, socketTargetOf(event), handshakeOf(event));
  if (opened.outcome === 'refused') return opened.answer;
  const { session, send: firstTexts } = opened;
  await sessions.open(gatewayId, { session, firstTexts, activeAt: engine.clock() });
  // Nothing can be sent before the handshake is answered.
  if (firstTexts.length > 0) await queue.send({ kind: 'opened', gatewayId });
  return emptyAnswer;
}

/** An event of a WebSocket API: a handshake, a message, or the end of a connection. */
type SocketEvent = APIGatewayProxyEvent;

/** The handshake, without the parameter that names the connector. */
function handshakeOf(event: SocketEvent): HttpRequest {
  const query = new URLSearchParams(queryOf(event));
  query.delete(connectorParameter);
  return {
    method: 'GET',
    headers: headersOf(event),
    query: query.toString(),
    sender: event.requestContext.identity.sourceIp,
    body: bodyOfBytes(new Uint8Array()),
  };
}

/** The called connector, and the suffix of its way: `?connector=<id>/ws`. */
function socketTargetOf(event: SocketEvent): CallTarget {
  const named = new URLSearchParams(queryOf(event)).get(connectorParameter) ?? '';
  const end = named.indexOf('/');
  return end === -1
    ? { connectorId: named, suffix: '' }
    : { connectorId: named.slice(0, end), suffix: named.slice(end) };
}
