import { randomUUID } from 'node:crypto';
import type { WireConnector } from '../../api/contract/index.ts';
import {
  type AuthConfig,
  authConfig,
  type SignatureAuth,
  schemeOf,
} from '../../connectors/webhook/auth-config.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';
import { secretProblem } from '../../signatures/signing-key.ts';
import type { ApiClient } from '../api-client.ts';
import { CliFailure } from '../cli-failure.ts';

/**
 * The headers with which a sender shows the connector who it is: its secret, or a signature over the raw body.
 *
 * @param secret what to use in place of the connector's own secret
 * @throws CliFailure where the connector's senders sign with a secret that is never shown, and none is given; where the
 *   given one is none for their way to sign
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
  return auth.type === 'secret' ? { 'x-connic-secret': key } : signed(auth, key, body);
}

async function ownSecret(api: ApiClient, connector: WireConnector, auth: AuthConfig): Promise<string> {
  if (auth.type !== 'secret' && connector.secret_fields.includes('signing_secret')) {
    throw new CliFailure(
      'usage',
      `The signing secret of "${connector.name}" cannot be read back. Pass it with --secret.`,
    );
  }
  return (await api.showSecret(connector.id)).secret;
}

function signed(auth: SignatureAuth, secret: string, body: Uint8Array): Record<string, string> {
  const scheme = schemeOf(auth);
  const problem = secretProblem(secret, scheme.key);
  if (problem !== null) throw new CliFailure('usage', `The secret ${problem}`);
  return signatureHeaders(scheme, [secret], { body, id: `msg_${randomUUID()}`, now: Date.now() });
}
