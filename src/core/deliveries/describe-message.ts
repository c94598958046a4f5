import { hash } from 'node:crypto';
import * as z from 'zod';
import type { AnyConnectorType, MessageDescription } from '../connectors/connector-type.ts';
import type { HttpHeaders } from '../connectors/http-answer.ts';
import { isCredentialHeader } from '../redaction/credential-header.ts';
import { hidden, hideSecrets } from '../redaction/hide-secrets.ts';
import type { SentMessage } from './sent-message.ts';

/** A message of a type that makes HTTP requests. */
const httpMessage = z.object({
  method: z.string().default('POST'),
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.union([z.string(), z.instanceof(Uint8Array)]).default(''),
});

/** The parts of a type's message; `null` if the type does not describe them. */
export function describeMessage(type: AnyConnectorType, message: unknown): MessageDescription | null {
  if (type.describe !== undefined) return type.describe(message);
  const read = httpMessage.safeParse(message);
  if (!read.success) return null;
  const { method, url, headers, body } = read.data;
  return { method, target: url, headers, body };
}

/** Limit the size of headers in a record. */
const mostHeaders = 30;
const longestText = 300;
const longestHeaders = 2_000;

/** Headers with the time are omitted: the record already has it, and without it attempts of one message are equal. */
const isTime = /timestamp/;

/** @param secrets the connector's secrets */
export function keptMessage(message: MessageDescription, secrets: readonly string[]): SentMessage {
  const { method, target, headers, body } = message;
  const timeless = Object.entries(headers).filter(([name]) => !isTime.test(name));
  return {
    method,
    target: hideSecrets(target, secrets).slice(0, longestText),
    headers: safeHeaders(Object.fromEntries(timeless), secrets),
    bytes: Buffer.byteLength(body),
    sha256: hash('sha256', body, 'base64url'),
  };
}

/** Headers to show: without credentials, and limited in size. @param headers by lower-case name */
export function safeHeaders(headers: HttpHeaders, secrets: readonly string[]): Record<string, string> {
  const kept: Record<string, string> = {};
  let length = 0;
  for (const [name, value] of Object.entries(headers).slice(0, mostHeaders)) {
    const safe = isCredentialHeader(name.toLowerCase()) ? hidden : hideSecrets(value, secrets);
    kept[name] = safe.slice(0, longestText);
    length += name.length + safe.length;
    if (length > longestHeaders) break;
  }
  return kept;
}
