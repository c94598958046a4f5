import * as z from 'zod';
import type { HttpRequest } from '../connectors/http-request.ts';
import { parseFields } from '../json/form-fields.ts';
import { hidden, isCredentialHeader, isSecretName } from '../redaction/hide-secrets.ts';

/** What is kept of a request besides its body, to show later what came in. Never a credential. */
export const arrival = z.object({
  method: z.string(),
  /** The text after the `?` of the URL, with `[redacted]` in place of secrets. */
  query: z.string(),
  /** By lower-case name; headers that authenticate the sender have the value `[redacted]`. */
  headers: z.record(z.string(), z.string()),
  /** The address that the request came from: the sender's, or the last proxy's; `null` if the platform does not say. */
  sender: z.string().nullable(),
  /** Size of the body in bytes; `null` if the request did not say. */
  bytes: z.number().nullable(),
});
export type Arrival = Readonly<z.infer<typeof arrival>>;

/** Whether a connector-specific header authenticates the sender. @param name in lower case */
export type IsCredential = (name: string, value: string) => boolean;

/** Limit what one request takes up besides its body: about 2 kB, or a quarter of that compressed. */
const mostHeaders = 30;
const longestHeader = 200;
const longestQuery = 500;

/** Headers of the connection and of proxies, which say nothing about the event. */
const ofConnection = new Set(
  `connection content-length accept-encoding host te via keep-alive transfer-encoding x-forwarded-port x-forwarded-proto
  x-forwarded-host x-amz-cf-id x-amzn-trace-id`.split(/\s+/),
);

export type ArrivedRequest = Omit<HttpRequest, 'body'>;

/**
 * Describes a request.
 *
 * @param isCredential the called connector's check for headers that only it knows
 */
export function arrivalOf(request: ArrivedRequest, isCredential: IsCredential = () => false): Arrival {
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
  for (const name of Object.keys(headers)) {
    const { [name]: value } = headers;
    if (value === undefined || ofConnection.has(name) || name.startsWith('cloudfront-')) continue;
    if (kept.length === mostHeaders) break;
    const isSecret = isCredentialHeader(name) || isCredential(name, value);
    kept.push([name.slice(0, longestHeader), isSecret ? hidden : shortened(value, longestHeader)]);
  }
  return Object.fromEntries(kept);
}

/** Judges parameters like variables: a `key` in a URL usually is a secret. */
function safeQuery(query: string): string {
  if (query === '') return query;
  const safe = query.split('&', mostHeaders).map((parameter) => {
    const name = parameter.split('=', 1)[0] ?? '';
    return parameter.includes('=') && namesSecret(name) ? `${name}=${hidden}` : parameter;
  });
  return shortened(safe.join('&'), longestQuery);
}

/** @param encoded as it was sent; a name that cannot be decoded may be that of a secret */
function namesSecret(encoded: string): boolean {
  const parsed = parseFields(encoded, 'utf-8', 'The query');
  if (parsed.outcome === 'refused') return true;
  return Array.from(parsed.fields.keys()).some((name) => isSecretName(name, 'variable'));
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
