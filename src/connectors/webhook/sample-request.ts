import { validSecrets } from '../../core/connectors/connector-secrets.ts';
import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import type { HttpHeaders } from '../../core/connectors/http-answer.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';
import { secretProblem } from '../../signatures/signing-key.ts';
import { type AuthConfig, schemeOf } from './auth-config.ts';
import { receivingConfig } from './receiving-config.ts';

/** A request that the connector takes: with its secret, or signed as its senders sign. */
export function sampleRequest(about: SampleRequestContext): SampledRequest {
  const { auth } = receivingConfig(about.connector);
  const { url, payload: body } = about;
  const request = { method: 'POST', url, body };
  const json = { 'content-type': 'application/json' };
  if (auth.type === 'none') return { outcome: 'made', request: { ...request, headers: json } };
  const secret = secretOf(auth, about);
  if (secret === undefined) return { outcome: 'not-made', reason: 'The connector has no secret.' };
  if (auth.type === 'secret') {
    return { outcome: 'made', request: { ...request, headers: { ...json, 'x-connic-secret': secret } } };
  }
  const scheme = schemeOf(auth);
  const problem = secretProblem(secret, scheme.key);
  if (problem !== null) return { outcome: 'not-made', reason: `The secret ${problem}` };
  const { id, now } = about;
  const signature: HttpHeaders = signatureHeaders(scheme, [secret], { body, id: `msg_${id}`, now });
  return { outcome: 'made', request: { ...request, headers: { ...json, ...signature } } };
}

function secretOf(auth: AuthConfig, { secrets, now }: SampleRequestContext): string | undefined {
  const [own] = validSecrets(secrets, now);
  return auth.type === 'secret' ? own : (secrets.config['signing_secret'] ?? own);
}
