import * as z from 'zod';
import type { HttpRequest } from '../connectors/http-request.ts';
import { isCredentialHeader } from '../redaction/credential-header.ts';
import { hidden } from '../redaction/hide-secrets.ts';
import { isSecretName } from '../redaction/secret-name.ts';

/** What is kept of a request beside its body, for people who ask later what came in. Never a credential. */
export const arrival = z.object({
  method: z.string(),
  /** What followed the `?` of the URL, with `[redacted]` in the place of secrets. */
  query: z.string(),
  /** By lower-case name; those that prove who sends have the value `[redacted]`. */
  headers: z.record(z.string(), z.string()),
  /** The address that the request came from: the sender's, or that of the last proxy; `null` where the platform does not say. */
  sender: z.string().nullable(),
  /** Size of the body in bytes; `null` where the request did not say. */
  bytes: z.number().nullable(),
});
export type Arrival = Readonly<z.infer<typeof arrival>>;

/** Whether a header of a connector's own proves who sends. @param name in lower case */
export type IsCredential = (name: string, value: string) => boolean;

/** Bounds what one request takes up beside its body: about 2 kB, compressed a quarter. */
const mostHeaders = 30;
const longestHeader = 200;
const longestQuery = 500;

/** Headers of the connection and of proxies, which say nothing of the event. */
const ofConnection =
  /^(connection|content-length|accept-encoding|host|te|via|keep-alive|transfer-encoding|x-forwarded-(port|proto|host)|x-amz-cf-id|x-amzn-trace-id|cloudfront-.*)$/;

/**
 * Describes a request.
 *
 * @param isCredential of the connector that was called, for headers that only it knows
 */
export function arrivalOf(request: HttpRequest, isCredential: IsCredential = () => false): Arrival {
  return {
    method: request.method.slice(0, longestHeader),
    query: safeQuery(request.query),
    headers: safeHeaders(request.headers, isCredential),
    sender: request.sender ?? null,
    bytes: request.bodyBytes ?? null,
  };
}

function safeHeaders(headers: HttpRequest['headers'], isCredential: IsCredential): Record<string, string> {
  const kept: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || ofConnection.test(name)) continue;
    if (kept.length === mostHeaders) break;
    const isSecret = isCredentialHeader(name) || isCredential(name, value);
    kept.push([name.slice(0, longestHeader), isSecret ? hidden : shortened(value, longestHeader)]);
  }
  return Object.fromEntries(kept);
}

/** Parameters are judged as variables are: a `key` in a URL is mostly one. */
function safeQuery(query: string): string {
  const safe = query.split('&', mostHeaders).map((parameter) => {
    const name = parameter.split('=', 1)[0] ?? '';
    return parameter.includes('=') && isSecretName(name, 'variable') ? `${name}=${hidden}` : parameter;
  });
  return shortened(safe.join('&'), longestQuery);
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
