import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { publicKeyPresets } from '../../signatures/public-key.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';
import { secretProblem } from '../../signatures/signing-key.ts';
import { isPublicKeyAuth, type SignatureAuth, schemeOf } from './auth-config.ts';
import { receivingConfig } from './receiving-config.ts';

/** A request that the connector accepts, with its secret or its senders' signature. */
export function sampleRequest(about: SampleRequestContext): SampledRequest {
  const { connector, content, secrets } = about;
  const { auth } = receivingConfig(connector);
  const { contentType, body } = bodyOf(content);
  const headers = { 'content-type': contentType };
  if (auth.type === 'none') return made(about, headers, body, true);
  if (isPublicKeyAuth(auth)) {
    const reason = `Only ${publicKeyPresets[auth.type].title} has the private key to sign requests with.`;
    return { outcome: 'not-made', reason };
  }
  if (auth.type !== 'secret') return signed(about, auth, headers, body);
  if (secrets.current === null) return { outcome: 'secret-needed' };
  return made(about, { ...headers, 'x-connic-secret': secrets.current }, body, true);
}

function bodyOf(content: SampleRequestContext['content']) {
  return content.kind === 'payload'
    ? { contentType: 'application/json', body: content.json }
    : { contentType: content.contentType, body: content.bytes };
}

function signed(
  about: SampleRequestContext,
  auth: SignatureAuth,
  headers: Record<string, string>,
  body: string | Uint8Array,
): SampledRequest {
  const { connector, secrets, id, now } = about;
  const chosen = secrets.config['signing_secret'];
  if (chosen === undefined && connector.secretFields.includes('signing_secret')) {
    const reason = `The signing secret of "${connector.name}" is never shown.`;
    return { outcome: 'not-made', reason };
  }
  const secret = chosen ?? secrets.current;
  if (secret === null) return { outcome: 'secret-needed' };
  const scheme = schemeOf(auth);
  const problem = secretProblem(secret, scheme.key);
  if (problem !== null) return { outcome: 'not-made', reason: `The secret ${problem}` };
  const message = { body, id: `msg_${id}`, now, method: 'POST', url: about.url };
  const signature = signatureHeaders(scheme, [secret], message);
  return made(about, { ...headers, ...signature }, body, false);
}

function made(
  { url }: SampleRequestContext,
  headers: Record<string, string>,
  body: string | Uint8Array,
  isFixed: boolean,
): SampledRequest {
  return { outcome: 'made', request: { method: 'POST', url, headers, body }, isFixed };
}
