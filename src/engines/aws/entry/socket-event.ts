import type { APIGatewayProxyEvent } from 'aws-lambda';
import { connectorParameter } from '../../../core/connectors/connector-path.ts';
import { bodyOfBytes, type HttpRequest } from '../../../core/connectors/http-request.ts';
import type { CallTarget } from '../../../ingress/find-called-way.ts';
import { headersOf, queryOf } from './http-event.ts';

/** An event of a WebSocket API: a handshake, a message, or the end of a connection. */
export type SocketEvent = APIGatewayProxyEvent;

/** The handshake, without the parameter that names the connector. */
export function handshakeOf(event: SocketEvent): HttpRequest {
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
export function socketTargetOf(event: SocketEvent): CallTarget {
  const named = new URLSearchParams(queryOf(event)).get(connectorParameter) ?? '';
  const end = named.indexOf('/');
  return end === -1
    ? { connectorId: named, suffix: '' }
    : { connectorId: named.slice(0, end), suffix: named.slice(end) };
}
