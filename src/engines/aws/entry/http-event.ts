import type { APIGatewayProxyEvent } from 'aws-lambda';
import { connectorPrefix } from '../../../core/connectors/connector-path.ts';
import { bodyOfBytes, type HttpRequest } from '../../../core/connectors/http-request.ts';
import type { CallTarget } from '../../../ingress/find-called-way.ts';

/** A request from API Gateway (REST API, payload format 1.0). */
export type HttpEvent = APIGatewayProxyEvent;

/**
 * The request in the form that connectors take. It keeps the body's raw bytes, because signatures cover them.
 *
 * @param configuredBaseUrl public address of the product if the deployment sets one; otherwise empty
 */
export function httpRequest(event: HttpEvent, configuredBaseUrl = ''): HttpRequest {
  const bytes = bodyBytes(event);
  return {
    method: event.httpMethod,
    url: calledUrl(event, configuredBaseUrl),
    headers: headersOf(event),
    query: queryOf(event),
    sender: event.requestContext.identity.sourceIp,
    bodyBytes: bytes.length,
    body: bodyOfBytes(bytes),
  };
}

/** The target in the request's path, based on the route's path (`/webhooks/{connector_id}/sync`). */
export function targetOf({ pathParameters, resource }: HttpEvent): CallTarget {
  const connectorId = pathParameters?.['connector_id'] ?? '';
  return { connectorId, suffix: resource.split('{connector_id}')[1] ?? '' };
}

/** Headers by lower-case name; repeated ones joined as HTTP joins them (RFC 9110, section 5.3). */
export function headersOf(event: HttpEvent): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, values] of Object.entries(event.multiValueHeaders ?? {})) {
    if (values !== undefined && values.length > 0) headers[name.toLowerCase()] = values.join(', ');
  }
  return headers;
}

/** API Gateway decodes the query; this encodes it again, with repeated fields in order. */
export function queryOf(event: HttpEvent): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(event.multiValueQueryStringParameters ?? {})) {
    for (const value of values ?? []) query.append(name, value);
  }
  return query.toString();
}

export function bodyBytes(event: HttpEvent): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'));
}

/**
 * Public address of the API that took the request, without a trailing slash: the configured one, or the request's host
 * and the part of its path before `route`. That part is the stage, or the base path of a custom domain.
 */
export function baseUrlOf(event: HttpEvent, configured: string, route: string): string {
  if (configured !== '') return configured;
  const { domainName, path } = event.requestContext;
  const end = path.lastIndexOf(route);
  const host = domainName ?? headersOf(event)['host'] ?? 'localhost';
  return `https://${host}${end === -1 ? '' : path.slice(0, end)}`;
}

function calledUrl(event: HttpEvent, configuredBaseUrl: string): string {
  const { path } = event.requestContext;
  const start = path.lastIndexOf(connectorPrefix);
  const baseUrl = baseUrlOf(event, configuredBaseUrl, connectorPrefix);
  return start === -1 ? baseUrl : `${baseUrl}${path.slice(start)}`;
}
