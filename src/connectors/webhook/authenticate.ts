import { isForeignPage } from '../../core/connectors/browser-origin.ts';
import { matchesSecret, senderSecrets, validSecrets } from '../../core/connectors/connector-secrets.ts';
import {
  bodyOfBytes,
  type HttpAnswer,
  type HttpRequest,
  isProbe,
  probeAnswer,
} from '../../core/connectors/http-request.ts';
import {
  type Answered,
  type ReceiveContext,
  type Refused,
  refuseEvent,
  unauthorizedBecause,
  wrongSecret,
} from '../../core/connectors/received.ts';
import { parseFields } from '../../core/json/form-fields.ts';
import { isJsonObject, type JsonObject, type Payload } from '../../core/json/json-value.ts';
import { isSignedByKey, publicKeyPresets } from '../../signatures/public-key.ts';
import { explainUnsigned, isSigned, type Parameters } from '../../signatures/request-signature.ts';
import { hmac } from '../../signatures/signature-scheme.ts';
import {
  type AuthConfig,
  isPublicKeyAuth,
  type PublicKeyAuth,
  type SignatureAuth,
  schemeOf,
  schemesOf,
  senderOf,
} from './auth-config.ts';
import { type Authenticated, type PayloadRead, readBody } from './read-payload.ts';
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
    const sent = secretsIn(request);
    const known = sent.some((secret) => matchesSecret(secret, secretHashes, context.now));
    if (known) return { outcome: 'authenticated', request };
    return sent.length === 0 ? withoutSecret : wrongSecret;
  }
  // A signature covers only the body, so it would not protect a GET request, whose payload is the query.
  if (request.method === 'GET') return unsignedMethod;
  // Loads the HTTP client for the certificate of SNS.
  if (auth.type === 'sns') return (await import('./sns.ts')).authenticateSns(request, auth, context);
  if (!isPublicKeyAuth(auth) && needsPayload(auth, request)) {
    return authenticateByPayload(request, auth, context, read);
  }
  const schemes = isPublicKeyAuth(auth) ? [publicKeyPresets[auth.type].scheme] : schemesOf(auth);
  if (schemes.every(({ header }) => request.headers[header] === undefined)) {
    return unsigned(request, auth, context);
  }
  const body = await readBody(request, config.max_body_bytes);
  if (!(body instanceof Uint8Array)) return body;
  if (!(await isSignedRequest({ ...request, body }, auth, context))) return unsigned(request, auth, context);
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
    return unsigned(request, auth, context);
  }
  const read = await readRequest(request);
  // What is wrong with a body is told only to a sender who is known: others get the answer of no connector.
  if (read.outcome === 'refused') return read.reason === 'too-large' ? read : unreadable;
  const signed = { ...request, body: new Uint8Array(), parameters: parametersOfPayload(read.payload) };
  if (isInHeader) {
    const isKnown = await isSignedRequest(signed, auth, context);
    return isKnown ? { outcome: 'authenticated', request, read } : unsigned(request, auth, context);
  }
  const { idHeader } = schemeOf(auth);
  for (const { object, fields } of signaturePlaces(auth, read.payload)) {
    if (!(await isSignedRequest({ ...signed, headers: fields }, auth, context))) continue;
    const content = { ...read, payload: withoutSignature(auth, read.payload, object) };
    const signedId = idHeader === null ? undefined : fields[idHeader];
    return { outcome: 'authenticated', request, read: content, ...(signedId && { signedId }) };
  }
  return unauthorizedBecause(
    'The signature in the body is missing, too old, or made with a different secret.',
  );
}

const withoutSecret = unauthorizedBecause(
  'The request has no secret. The sender must send it in the header X-Connic-Secret, as a bearer token, as the password of Basic authentication, or as ?secret=.',
);
const wrongVerifyToken = unauthorizedBecause(
  'The verify token in the request, hub.verify_token, is not the secret of this connector.',
);
const unreadable = unauthorizedBecause('The body that should contain the signature cannot be read.');
const unsignedMethod = unauthorizedBecause('Signatures do not cover GET requests. The sender must use POST.');

/** The refusal of a request that is not signed as it must be. */
function unsigned(
  request: Pick<HttpRequest, 'headers'>,
  auth: SignatureAuth | PublicKeyAuth,
  { now }: Pick<ReceiveContext, 'now'>,
): Refused {
  if (isPublicKeyAuth(auth)) {
    const { header } = publicKeyPresets[auth.type].scheme;
    return unauthorizedBecause(
      `The signature in "${header}" is missing, too old, or does not match the public key of this connector.`,
    );
  }
  const used = schemesOf(auth).find(({ header }) => request.headers[header] !== undefined) ?? schemeOf(auth);
  return unauthorizedBecause(explainUnsigned(used, request, now, toleranceOf(auth)));
}

/** Of the time of signatures that have one, in seconds. */
function toleranceOf(auth: SignatureAuth | PublicKeyAuth): number {
  return 'tolerance_seconds' in auth ? auth.tolerance_seconds : 0;
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
  const tolerance = toleranceOf(auth);
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
  const secrets = senderSecrets(request);
  return request.query.includes('secret') ? [...secrets, ...secretParameters(request.query)] : secrets;
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

// Challenges by which senders verify that the owner of a newly registered URL wants their events.

/**
 * Answers a challenge that precedes all events and has no credentials, or has its own.
 *
 * @returns `null` if the request is not a challenge
 */
export function answerQuestion(request: HttpRequest, context: ReceiveContext): Answered | Refused | null {
  if (isProbe(request)) return answered(withHandshake(request, probeAnswer(request)));
  if (request.method !== 'GET') return null;
  const okta = request.headers['x-okta-verification-challenge'];
  if (okta !== undefined) return answered(json({ verification: okta }));
  return request.query.includes('challenge=') ? answerQuery(request, context) : null;
}

/** CloudEvents, "HTTP 1.1 Web Hooks for Event Delivery", section 4: grants a sender's request to send events here. */
function withHandshake({ method, headers }: HttpRequest, answer: HttpAnswer): HttpAnswer {
  const { 'webhook-request-origin': origin } = headers;
  if (method !== 'OPTIONS' || origin === undefined) return answer;
  const allowed = { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*' };
  return { ...answer, headers: { ...answer.headers, ...allowed } };
}

function answerQuery({ query }: HttpRequest, context: ReceiveContext): Answered | Refused | null {
  const parsed = parseFields(query, 'utf-8', 'The query');
  if (parsed.outcome === 'refused') return null;
  const one = (name: string) => parsed.fields.get(name)?.at(0);
  const meta = one('hub.challenge');
  if (meta !== undefined && one('hub.mode') === 'subscribe') {
    const { secretHashes } = context.connector;
    const known = matchesSecret(one('hub.verify_token') ?? '', secretHashes, context.now);
    return known ? answered(text(meta)) : wrongVerifyToken;
  }
  const dropbox = one('challenge');
  const isAlone = [...parsed.fields.keys()].every((name) => name === 'challenge' || name === 'secret');
  return dropbox !== undefined && isAlone ? answered(text(dropbox)) : null;
}

/**
 * Answers a challenge that a known sender signs like an event. The payload of a sender without such challenges is not
 * parsed.
 *
 * @param secrets that the sender may sign with
 * @returns `null` if the payload is an event
 */
export function answerSignedQuestion(
  { type }: AuthConfig,
  payload: Payload,
  secrets: () => Promise<readonly string[]>,
): Answered | null | Promise<Answered | null> {
  if (type !== 'slack' && type !== 'discord' && type !== 'zoom') return null;
  const { value } = payload;
  if (!isJsonObject(value)) return null;
  if (type === 'slack') return slackAnswer(value);
  if (type === 'discord') return value['type'] === discordPing ? answered(json({ type: discordPing })) : null;
  return zoomAnswer(value, secrets);
}

/** docs.slack.dev, "url_verification event". */
function slackAnswer({ type, challenge }: JsonObject): Answered | null {
  return type === 'url_verification' && typeof challenge === 'string' ? answered(text(challenge)) : null;
}

/** docs.discord.com, "Interactions overview": PING, and the answer PONG. */
const discordPing = 1;

/** developers.zoom.us, "Validate your webhook endpoint". */
async function zoomAnswer(
  { event, payload }: JsonObject,
  secrets: () => Promise<readonly string[]>,
): Promise<Answered | null> {
  if (event !== 'endpoint.url_validation' || !isJsonObject(payload)) return null;
  const { plainToken } = payload;
  if (typeof plainToken !== 'string') return null;
  const [secret = ''] = await secrets();
  const encryptedToken = hmac('sha256', Buffer.from(secret), [plainToken]).toString('hex');
  return answered(json({ plainToken, encryptedToken }));
}

function answered(answer: HttpAnswer): Answered {
  return { outcome: 'answered', answer, reason: null };
}

function json(body: JsonObject): HttpAnswer {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  return { status: 200, headers, body: JSON.stringify(body) };
}

/** The `nosniff` header stops browsers from rendering a sender's text as a page. */
function text(body: string): HttpAnswer {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  return { status: 200, headers, body };
}
