import { randomUUID } from 'node:crypto';
import type { WireConnector } from '../../api/contract/index.ts';
import { type AuthConfig, authConfig } from '../../connectors/webhook/auth-config.ts';
import { signGenericHmac } from '../../connectors/webhook/signatures/generic-hmac.ts';
import { signGithub } from '../../connectors/webhook/signatures/github.ts';
import { signSlack } from '../../connectors/webhook/signatures/slack.ts';
import { signStandardWebhooks } from '../../connectors/webhook/signatures/standard-webhooks.ts';
import { signStripe } from '../../connectors/webhook/signatures/stripe.ts';
import type { ApiClient } from '../api-client.ts';
import { CliFailure } from '../cli-failure.ts';

/**
 * The headers with which a sender shows the connector who it is: its secret, or a signature over the raw body.
 *
 * @param secret what to use in place of the connector's own secret
 * @throws CliFailure where the connector's senders sign with a secret that is never shown, and none is given
 */
export async function senderHeaders(
  api: ApiClient,
  connector: WireConnector,
  body: Uint8Array,
  secret: string | null,
): Promise<Record<string, string>> {
  const auth = authConfig.parse(connector.config['auth'] ?? { type: 'secret' });
  if (auth.type === 'none') return {};
  const key = secret ?? (await ownSecret(api, connector, auth));
  return auth.type === 'secret' ? { 'x-connic-secret': key } : signatureHeaders(auth, key, body);
}

async function ownSecret(api: ApiClient, connector: WireConnector, auth: AuthConfig): Promise<string> {
  if (auth.type !== 'secret' && connector.secret_fields.includes('signing_secret')) {
    throw new CliFailure(
      'usage',
      `The signing secret of "${connector.name}" is never shown: give it with --secret.`,
    );
  }
  return (await api.showSecret(connector.id)).secret;
}

function signatureHeaders(
  auth: Exclude<AuthConfig, { type: 'secret' | 'none' }>,
  secret: string,
  body: Uint8Array,
): Record<string, string> {
  const now = Date.now();
  switch (auth.type) {
    case 'standard-webhooks':
      return signStandardWebhooks(body, [secret], `msg_${randomUUID()}`, now);
    case 'github':
      return signGithub(body, secret);
    case 'stripe':
      return signStripe(body, secret, now);
    case 'slack':
      return signSlack(body, secret, now);
    case 'hmac':
      return signGenericHmac(body, secret, auth, now);
  }
}
