import { RetryableError } from '../../core/errors.ts';
import type { Engine } from '../../core/ports/engine.ts';
import type { Answer } from './answer.ts';
import { sharingHeaders } from './browser-origin.ts';
import type { WebhookRequest } from './http-request.ts';
import { receivingConfig } from './receiving-config.ts';

export type Headers = Answer['headers'];

/** The answer with more headers. */
export function withHeaders(answer: Answer, headers: Headers): Answer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

/**
 * The headers that a browser needs to show the answer to the page of an origin that the connector lists; none for
 * everybody else. Costs nothing where the sender is no browser.
 */
export async function sharedWith(
  engine: Engine,
  connectorId: string,
  request: WebhookRequest,
): Promise<Headers> {
  if (request.headers['origin'] === undefined) return {};
  try {
    const connector = await engine.connectors.get(connectorId);
    if (connector?.type !== 'webhook' || connector.mode === 'outbound') return {};
    return sharingHeaders(request, receivingConfig(connector).allowed_origins);
  } catch (thrown) {
    if (!(thrown instanceof RetryableError)) throw thrown;
    return {};
  }
}
