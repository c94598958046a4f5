import * as http from 'node:http';
import * as https from 'node:https';
import { type PrivateTargets, privateTargetsText } from '../core/connectors/private-targets.ts';
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
