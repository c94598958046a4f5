import * as http from 'node:http';
import * as https from 'node:https';
import { type PrivateTargets, privateTargetsText } from '../core/connectors/private-targets.ts';
import { checkTarget, guardedLookup } from './target-guard.ts';

/** Closed before the usual receivers close idle connections, which takes them 5 s and more. */
const idleMs = 4_000;

/** Connections are kept for each answer to "which private targets are allowed?", so that none serves another one. */
const agents = new Map<string, { readonly http: http.Agent; readonly https: https.Agent }>();

export interface OutboundRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent for a request without one. */
  readonly body?: string;
}

/**
 * Makes one request to a target that the product may connect to. Resolves with the final answer, its body unread;
 * redirects are not followed, and what a receiver says before (`100 Continue`, `103 Early Hints`), asked or unasked, is
 * passed over (RFC 9110, section 15.2).
 *
 * @throws BlockedTarget where the URL, or an address that its host resolves to, is not allowed
 * @throws UnaskedUpgrade where the receiver wants to go on in another protocol (`101`)
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
      // After an answer this rejects nothing any more; without one nothing else would end the wait.
      .once('close', () => reject(new Error('the connection was closed before the answer')))
      .end(body);
  });
}

class UnaskedUpgrade extends Error {
  /** As `networkError` knows it. */
  readonly code = 'UNASKED_UPGRADE';
}

function agentsFor(privateTargets: PrivateTargets) {
  const key = privateTargetsText(privateTargets);
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
