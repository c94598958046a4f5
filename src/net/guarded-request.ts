import type { IncomingHttpHeaders } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Readable } from 'node:stream';
import type { HttpHeaders } from '../core/connectors/http-request.ts';
import type { PrivateTargets } from '../core/connectors/private-targets.ts';
import { hideSecrets } from '../core/redaction/hide-secrets.ts';
import { checkTarget, guardedLookup } from './target-guard.ts';

/** Idle connections close before common receivers close them, which takes 5 s or more. */
const idleMs = 4_000;

/** HTTP agents by the allowed private targets, so that no request reuses a connection opened under another setting. */
const agents = new Map<string, { readonly http: http.Agent; readonly https: https.Agent }>();

export interface OutboundRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent for a request without a body. */
  readonly body?: string;
}

/**
 * Makes one request to an allowed target. Resolves with the final response, its body unread. Does not follow redirects,
 * and ignores interim responses (`100 Continue`, `103 Early Hints`; RFC 9110, section 15.2).
 *
 * @throws BlockedTarget if the URL, or an address that its host resolves to, is not allowed
 * @throws UnaskedUpgrade if the receiver switches to another protocol (`101`)
 */
export async function guardedRequest(
  { url, method, headers, body }: OutboundRequest,
  privateTargets: PrivateTargets,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  checkTarget(url, privateTargets);
  const isPlain = new URL(url).protocol === 'http:';
  const { request } = isPlain ? http : https;
  const agent = agentsFor(privateTargets)[isPlain ? 'http' : 'https'];
  return new Promise((resolve, reject) => {
    request(url, { method, headers, agent, signal }, resolve)
      .once('error', reject)
      .once('upgrade', (_answer, socket) => {
        socket.destroy();
        reject(new UnaskedUpgrade());
      })
      // Has no effect after a response; without one, nothing else would end the wait.
      .once('close', () => reject(new Error('the connection was closed before the answer')))
      .end(body);
  });
}

class UnaskedUpgrade extends Error {
  /** Known to `networkError`. */
  readonly code = 'UNASKED_UPGRADE';
}

function agentsFor(privateTargets: PrivateTargets) {
  const key = String(privateTargets);
  const known = agents.get(key);
  if (known !== undefined) return known;
  const options = { keepAlive: true, timeout: idleMs };
  const made = {
    http: new http.Agent({ ...options, lookup: guardedLookup({ privateTargets, isPlainHttp: true }) }),
    https: new https.Agent({ ...options, lookup: guardedLookup({ privateTargets }) }),
  };
  agents.set(key, made);
  return made;
}

/**
 * Gets a short text from an allowed URL.
 *
 * @param maxBytes reading stops beyond this
 * @throws BlockedTarget if the URL, or an address that its host resolves to, is not allowed
 * @throws Error if the response is not 200 or is longer
 */
export async function guardedText(
  url: string,
  privateTargets: PrivateTargets,
  maxBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const answer = await guardedRequest({ method: 'GET', url, headers: {} }, privateTargets, signal);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of answer) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  if (answer.statusCode !== 200) throw new Error(`The server responded with ${answer.statusCode}.`);
  if (length > maxBytes) throw new Error(`The response has more than ${maxBytes} bytes.`);
  return Buffer.concat(chunks).toString();
}

const excerptCharacters = 1_000;

/** Enough for characters of four bytes each. */
const excerptBytes = 4 * excerptCharacters;

/**
 * The first 1,000 characters of a receiver's response, or what arrived before it broke off; `null` if empty. The rest
 * is never read.
 *
 * @param credentials that receivers may echo in any form, and no record may contain
 */
export async function responseExcerpt(
  body: Readable,
  credentials: readonly string[],
): Promise<string | null> {
  const { bytes, isCut } = await firstBytes(body);
  if (bytes.length === 0) return null;
  const text = hideSecrets(new TextDecoder().decode(bytes), credentials, isCut);
  return text === '' ? null : text.slice(0, excerptCharacters);
}

async function firstBytes(body: Readable): Promise<{ bytes: Buffer; isCut: boolean }> {
  const chunks: Buffer[] = [];
  let length = 0;
  let isWhole = false;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= excerptBytes) break;
    }
    isWhole = length < excerptBytes;
  } catch {
    // The status has arrived, and decides; only text for a person is missing.
  }
  return { bytes: Buffer.concat(chunks).subarray(0, excerptBytes), isCut: !isWhole };
}

/** They concern only the connection or browsers. */
const leftOut = new Set(['connection', 'keep-alive', 'transfer-encoding', 'set-cookie']);

/** The headers of a receiver's response, one text per name. */
export function responseHeaders({ headers }: { readonly headers: IncomingHttpHeaders }): HttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !leftOut.has(name) ? [[name, value]] : [],
    ),
  );
}

/** A receiver cannot delay a delivery by more than this. */
const longestWaitMs = 24 * 3_600 * 1_000;

/**
 * The wait that a `Retry-After` header asks for, in ms (RFC 9110, section 10.2.3: seconds or a date), at most 24 hours;
 * 0 without a valid one.
 *
 * @param now Unix ms
 */
export function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0;
  const askedMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isNaN(askedMs) ? 0 : Math.min(Math.max(askedMs, 0), longestWaitMs);
}
