import * as http from 'node:http';
import * as https from 'node:https';
import type { WebhookMessage } from './prepare.ts';
import { guardedLookup } from './target-guard.ts';

/** Closed before the usual receivers close idle connections, which takes them 5 s and more. */
const idleMs = 4_000;

/** Connections are kept for each answer to "are private targets allowed?", so that none serves the other one. */
const agents = new Map<boolean, { readonly http: http.Agent; readonly https: https.Agent }>();

/**
 * POSTs a message. Resolves with the final answer, its body unread; redirects are not followed, and what a receiver
 * says before (`100 Continue`, `103 Early Hints`), asked or unasked, is passed over (RFC 9110, section 15.2).
 *
 * @throws BlockedTarget where the host resolves to an address that is not allowed
 * @throws UnaskedUpgrade where the receiver wants to go on in another protocol (`101`)
 */
export function post(
  { url, headers, body }: WebhookMessage,
  allowPrivateTargets: boolean,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const { protocol } = new URL(url);
  const { request } = protocol === 'https:' ? https : http;
  const agent = agentsFor(allowPrivateTargets)[protocol === 'https:' ? 'https' : 'http'];
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', headers, agent, signal }, resolve)
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

function agentsFor(allowPrivateTargets: boolean) {
  const known = agents.get(allowPrivateTargets);
  if (known !== undefined) return known;
  const options = { keepAlive: true, timeout: idleMs, lookup: guardedLookup(allowPrivateTargets) };
  const made = { http: new http.Agent(options), https: new https.Agent(options) };
  agents.set(allowPrivateTargets, made);
  return made;
}
