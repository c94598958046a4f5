import { validSecrets } from '../../core/connectors/connector-secrets.ts';
import type { PrepareContext } from '../../core/connectors/connector-type.ts';
import type { EndedRun } from '../../core/runs/run.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { connicScheme, presets } from '../../signatures/presets.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';
import { outboundConfigOf } from './outbound-config.ts';
import { contentOf } from './outbound-content.ts';
import { traceHeaders } from './trace-context.ts';

/** A complete attempt. */
export interface WebhookMessage {
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/**
 * A POST of the run envelope with two signatures: `X-Connic-Signature` with the current secret, and `webhook-signature`
 * with every valid secret.
 *
 * @throws Error where the connector has no secret, or a configuration that is not valid
 */
export function prepare(run: EndedRun, context: PrepareContext): WebhookMessage {
  const config = outboundConfigOf(context.connector);
  const secrets = validSecrets(context.secrets, context.now);
  const [current] = secrets;
  if (current === undefined) throw new Error('the outbound connector has no secret');
  const authorization = context.secrets.config['authorization'];
  const { body, headers } = contentOf(config.format, run, context.deliveryId);
  const message = { body, id: context.deliveryId, now: context.now };
  return {
    url: config.url,
    headers: {
      'user-agent': 'Agent-Connectors',
      ...lowerCaseNames(config.headers),
      ...(authorization === undefined ? {} : { authorization }),
      ...traceHeaders(run.context),
      ...(context.chain === null ? {} : { [chainHeader]: context.chain }),
      ...headers,
      ...signatureHeaders(connicScheme, [current], message),
      ...signatureHeaders(presets['standard-webhooks'].scheme, secrets, message),
    },
    body,
    timeoutMs: config.timeout_seconds * 1_000,
  };
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
