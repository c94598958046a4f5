import { validSecrets } from '../../core/connector-secrets.ts';
import type { PrepareContext } from '../../core/connector-type.ts';
import type { EndedRun } from '../../core/run.ts';
import { runEnvelope } from '../../core/run-envelope.ts';
import type { HmacAuth } from './auth-config.ts';
import { outboundConfigOf } from './outbound-config.ts';
import { signGenericHmac } from './signatures/generic-hmac.ts';
import { signStandardWebhooks } from './signatures/standard-webhooks.ts';

/** One attempt, completely shaped. */
export interface WebhookMessage {
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** How `X-Connic-Signature` is made (connectors.md, "Webhook, outbound"). */
const connicSignature: HmacAuth = {
  type: 'hmac',
  header: 'x-connic-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  timestamp_header: 'x-connic-timestamp',
  tolerance_seconds: 300,
};

/**
 * The POST of the run envelope, signed twice over: `X-Connic-Signature` by the current secret, `webhook-signature` by
 * every secret that is valid now.
 *
 * @throws Error where the connector has no secret, or a configuration that is not valid
 */
export function prepare(run: EndedRun, context: PrepareContext): WebhookMessage {
  const config = outboundConfigOf(context.connector);
  const secrets = validSecrets(context.secrets, context.now);
  const [current] = secrets;
  if (current === undefined) throw new Error('the outbound connector has no secret');
  const authorization = context.secrets.config['authorization'];
  const body = JSON.stringify(runEnvelope(run));
  return {
    url: config.url,
    headers: {
      'user-agent': 'Agent-Connectors',
      ...lowerCaseNames(config.headers),
      ...(authorization === undefined ? {} : { authorization }),
      'content-type': 'application/json',
      ...signGenericHmac(body, current, connicSignature, context.now),
      ...signStandardWebhooks(body, secrets, context.deliveryId, context.now),
    },
    body,
    timeoutMs: config.timeout_seconds * 1_000,
  };
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
