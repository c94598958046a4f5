import { isForeignPage } from '../../core/connectors/browser-origin.ts';
import { matchesSecret, validSecrets } from '../../core/connectors/connector-secrets.ts';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import {
  type Answered,
  type ReceiveContext,
  type Refused,
  unauthorized,
} from '../../core/connectors/received.ts';
import { refuseEvent } from '../../core/connectors/refuse-event.ts';
import { parseFields } from '../../core/json/form-fields.ts';
import { senderSecrets } from '../../providers/sender-secrets.ts';
import type { Parameters } from '../../signatures/parameters.ts';
import { isSignedByKey, publicKeyPresets } from '../../signatures/public-key.ts';
import { isSigned } from '../../signatures/request-signature.ts';
import {
  isPublicKeyAuth,
  type PublicKeyAuth,
  type SignatureAuth,
  schemeOf,
  schemesOf,
  senderOf,
} from './auth-config.ts';
import type { Authenticated } from './authenticated.ts';
import type { PayloadRead } from './payload/payload-read.ts';
import { readBody } from './payload/read-body.ts';
import type { ReceivingConfig } from './receiving-config.ts';
import { needsPayload, parametersOfPayload, signaturePlaces, withoutSignature } from './signed-fields.ts';

/**
 * Authenticates the sender of a request.
 *
 * @param read reads the payload, for signatures that need it
 */
export async function authenticate(
  request: HttpRequest,
  config: ReceivingConfig,
  context: ReceiveContext,
  read: (request: HttpRequest) => Promise<PayloadRead>,
): Promise<Authenticated | Answered | Refused> {
  const { auth } = config;
  if (auth.type === 'none') {
    // Anyone who knows the URL may call it, but a web page must not make its visitors call it unnoticed.
    if (isForeignPage(request, config.allowed_origins)) return foreignPage;
    return { outcome: 'authenticated', request };
  }
  if (auth.type === 'secret') {
    const { secretHashes } = context.connector;
    const known = secretsIn(request).some((secret) => matchesSecret(secret, secretHashes, context.now));
    return known ? { outcome: 'authenticated', request } : unauthorized;
  }
  // A signature covers only the body, so it would not protect a GET request, whose payload is the query.
  if (request.method === 'GET') return unauthorized;
  // Loads the HTTP client for the certificate of SNS.
  if (auth.type === 'sns') return (await import('./sns.ts')).authenticateSns(request, auth, context);
  if (!isPublicKeyAuth(auth) && needsPayload(auth, request)) {
    return authenticateByPayload(request, auth, context, read);
  }
  const schemes = isPublicKeyAuth(auth) ? [publicKeyPresets[auth.type].scheme] : schemesOf(auth);
  if (schemes.every(({ header }) => request.headers[header] === undefined)) return unauthorized;
  const body = await readBody(request, config.max_body_bytes);
  if (!(body instanceof Uint8Array)) return body;
  if (!(await isSignedRequest({ ...request, body }, auth, context))) return unauthorized;
  return { outcome: 'authenticated', request: { ...request, body: bodyOfBytes(body, request.body) } };
}

async function authenticateByPayload(
  request: HttpRequest,
  auth: SignatureAuth,
  context: ReceiveContext,
  readRequest: (request: HttpRequest) => Promise<PayloadRead>,
): Promise<Authenticated | Refused> {
  const isInHeader = senderOf(auth)?.signatureIn === undefined;
  if (isInHeader && schemesOf(auth).every(({ header }) => request.headers[header] === undefined)) {
    return unauthorized;
  }
  const read = await readRequest(request);
  // What is wrong with a body is told only to a sender who is known: others get the answer of no connector.
  if (read.outcome === 'refused') return read.reason === 'too-large' ? read : unauthorized;
  const signed = { ...request, body: new Uint8Array(), parameters: parametersOfPayload(read.payload) };
  if (isInHeader) {
    const isKnown = await isSignedRequest(signed, auth, context);
    return isKnown ? { outcome: 'authenticated', request, read } : unauthorized;
  }
  const { idHeader } = schemeOf(auth);
  for (const { object, fields } of signaturePlaces(auth, read.payload)) {
    if (!(await isSignedRequest({ ...signed, headers: fields }, auth, context))) continue;
    const content = { ...read, payload: withoutSignature(auth, read.payload, object) };
    const signedId = idHeader === null ? undefined : fields[idHeader];
    return { outcome: 'authenticated', request, read: content, ...(signedId && { signedId }) };
  }
  return unauthorized;
}

/** The parts of a request that signatures cover. */
interface Signable extends Pick<HttpRequest, 'headers' | 'method' | 'url' | 'query'> {
  readonly body: Uint8Array;
  readonly parameters?: Parameters;
}

async function isSignedRequest(
  { url, query, ...request }: Signable,
  auth: SignatureAuth | PublicKeyAuth,
  context: ReceiveContext,
): Promise<boolean> {
  const tolerance = 'tolerance_seconds' in auth ? auth.tolerance_seconds : 0;
  const called = url === undefined ? {} : { url: query === '' ? url : `${url}?${query}` };
  const signed = { ...request, ...called };
  if (isPublicKeyAuth(auth)) {
    const { scheme } = publicKeyPresets[auth.type];
    return isSignedByKey(scheme, signed, auth.public_key, context.now, tolerance);
  }
  const secrets = await signingSecrets(context);
  return schemesOf(auth).some((scheme) => isSigned(scheme, signed, secrets, context.now, tolerance));
}

const foreignPage = refuseEvent(
  'origin-not-allowed',
  'Web pages cannot call this connector, except from the origins in its "allowed_origins".',
);

/** All secrets in a request, the preferred place first. */
function secretsIn(request: HttpRequest): string[] {
  const inQuery = request.query.includes('secret') ? secretParameters(request.query) : [];
  return [...senderSecrets(request), ...inQuery];
}

/** Reads each parameter separately: a malformed one beside the secret makes the request malformed, not unauthorized. */
function secretParameters(query: string): readonly string[] {
  return query.split('&').flatMap((parameter) => {
    const parsed = parseFields(parameter, 'utf-8', 'The query');
    return parsed.outcome === 'parsed' ? (parsed.fields.get('secret') ?? []) : [];
  });
}

/** The sender's own secret if one is configured; otherwise the connector's, both of them during a rotation. */
export async function signingSecrets(context: ReceiveContext): Promise<readonly string[]> {
  const secrets = await context.secrets();
  const chosen = secrets.config['signing_secret'];
  return chosen === undefined ? validSecrets(secrets, context.now) : [chosen];
}
