import type { SampledRequest, SampleRequestContext } from '../../core/connectors/connector-type.ts';
import { parseExactly } from '../../core/json/exact-json.ts';
import { isJsonObject, type JsonObject } from '../../core/json/json-value.ts';
import { publicKeyPresets } from '../../signatures/public-key.ts';
import {
  type Parameters,
  parametersOf,
  signatureHeaders,
  urlWithHash,
} from '../../signatures/request-signature.ts';
import { type SignatureScheme, secretProblem } from '../../signatures/signature-scheme.ts';
import { isPublicKeyAuth, type SignatureAuth, schemeOf, senderOf } from './auth-config.ts';
import { receivingConfig } from './receiving-config.ts';
import { isForm } from './signed-fields.ts';

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
  if (auth.type === 'sns') {
    return {
      outcome: 'not-made',
      reason: 'Only Amazon SNS can sign requests: publish a message to the topic.',
    };
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
  const called = calledWith(scheme, about.url, headers, body);
  const message = { body, id: `msg_${id}`, now, method: 'POST', ...called };
  const signature = signatureHeaders(scheme, [secret], message);
  const place = senderOf(auth)?.signatureIn?.[0];
  if (place === undefined)
    return made({ ...about, url: called.url }, { ...headers, ...signature }, body, false);
  const content = jsonObjectOf(body);
  if (content === null || place === null) {
    const reason = 'The signature goes into the body, so the body must be a JSON object.';
    return { outcome: 'not-made', reason };
  }
  return made(about, headers, JSON.stringify({ ...content, [place]: signature }), false);
}

/** The URL and the form that a signature covers. */
function calledWith(
  { signedContent }: SignatureScheme,
  url: string,
  headers: Record<string, string>,
  body: string | Uint8Array,
): { readonly url: string; readonly parameters?: Parameters } {
  if (!signedContent.includes('{parameters}')) return { url };
  if (isForm(headers)) return { url, parameters: parametersOf(Buffer.from(body).toString()) };
  return { url: urlWithHash(url, body) };
}

function jsonObjectOf(body: string | Uint8Array): JsonObject | null {
  try {
    const read = parseExactly(Buffer.from(body).toString());
    return isJsonObject(read) ? read : null;
  } catch {
    return null;
  }
}

function made(
  { url }: SampleRequestContext,
  headers: Record<string, string>,
  body: string | Uint8Array,
  isFixed: boolean,
): SampledRequest {
  return { outcome: 'made', request: { method: 'POST', url, headers, body }, isFixed };
}
