import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import type { ConnectorSecrets } from '../../core/connectors/connector-secrets.ts';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { presetNames, presets } from '../../signatures/presets.ts';
import { type PublicKeyPresetName, publicKeyPresets } from '../../signatures/public-key.ts';
import {
  type Parameters,
  parametersOf,
  signatureHeaders,
  urlWithHash,
} from '../../signatures/request-signature.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';
import { authConfig, isSignedWithSecret, type SignatureAuth, schemeOf } from './auth-config.ts';
import type { WebhookMessage } from './outbound-mode.ts';
import type { PayloadRead } from './read-payload.ts';

const sampleUrl = 'https://agents.example.com/webhooks/sample';

/** A request with the given parts. The default is a POST without headers, query, or body. */
export function sampleRequest(
  parts: Partial<Omit<HttpRequest, 'body'>> & { readonly body?: string | Uint8Array },
): HttpRequest {
  const { method = 'POST', headers = {}, query = '', body = '' } = parts;
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return { method, url: sampleUrl, headers, query, body: bodyOfBytes(bytes) };
}

/** A JSON request with the given headers. */
export function sampleJsonRequest(headers: Record<string, string>, body = sampleJson): HttpRequest {
  return sampleRequest({ headers: { 'content-type': 'application/json', ...headers }, body });
}

const sampleJson = '{"message":"Hello"}';
const sampleBody = Buffer.from(sampleJson);
const payload = { message: 'Hello' };

const secret = `whsec_${'0123456789abcdef'.repeat(4)}`;
const secrets: ConnectorSecrets = { current: secret, previous: null, config: {} };
const chosenSecret = "It's a Secret to Everybody";

const freeAuth = {
  type: 'hmac',
  header: 'x-acme-signature',
  prefix: 'v1=',
  separator: ',',
  timestamp_header: 'x-acme-time',
  timestamp_unit: 'milliseconds',
  id_header: 'x-acme-id',
  signed_content: '{method} {url}\n{timestamp}.{id}.{body}',
} as const;

const hmacAuth = {
  type: 'hmac',
  header: 'x-signature',
  algorithm: 'sha512',
  encoding: 'base64',
  prefix: 'v2=',
  timestamp_header: 'x-time',
  tolerance_seconds: 60,
} as const;

/** The headers of a sender that signs according to `type`. @param now Unix ms */
export function signedBy(
  auth: { readonly type: SignatureAuth['type']; readonly header?: string },
  body: string | Uint8Array,
  key: string,
  now: number,
): Record<string, string> {
  const parsed = authConfig.parse(auth);
  if (!isSignedWithSecret(parsed)) return {};
  const message = { body, now, id: 'msg_1', method: 'POST', url: sampleUrl };
  return signatureHeaders(schemeOf(parsed), [key], message);
}

function sample(
  title: string,
  config: JsonObject,
  event: EventSample<HttpRequest>['event'],
  more: Partial<EventSample<HttpRequest>> = {},
): EventSample<HttpRequest> {
  return { title, mode: 'inbound', config, secrets, event, payload, authenticated: true, ...more };
}

/** A sender with its own key, and its requests. @param form how the provider shows the key */
function ownKey(type: PublicKeyPresetName) {
  const { scheme } = publicKeyPresets[type];
  const isEdwards = scheme.key === 'ed25519-hex';
  const { publicKey, privateKey } = isEdwards
    ? generateKeyPairSync('ed25519')
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = publicKey.export({ format: 'der', type: 'spki' });
  const shown = isEdwards ? der.subarray(-32).toString('hex') : der.toString('base64');
  const headers = (body: Uint8Array, now: number) => {
    const timestamp = String(Math.floor(now / 1_000));
    const signed = Buffer.concat([Buffer.from(timestamp), body]);
    const signature = sign(isEdwards ? null : 'sha256', signed, privateKey).toString(scheme.encoding);
    return { [scheme.header]: signature, [scheme.timestampHeader]: timestamp };
  };
  return { auth: { type, public_key: shown }, headers };
}

/** Senders that sign with their own keys. */
export const keyOwners = { discord: ownKey('discord'), sendgrid: ownKey('sendgrid') };

/** Presets whose signatures cover the body or the request as a whole. */
const wholePresets = presetNames.filter((name) => name !== 'twilio' && name !== 'mailgun');
const signatureAuths = [...wholePresets.map((type) => ({ type })), hmacAuth, freeAuth];

const twilioForm = 'MessageSid=SM1&Body=Hello+%26+welcome&Digits=1&Digits=2';

const signedByTwilio = (type: string, body: string, called: { url: string; parameters?: Parameters }) => {
  const message = { body, now: 0, ...called };
  const headers = signatureHeaders(presets.twilio.scheme, [secret], message);
  const query = called.url.slice(sampleUrl.length + 1);
  return sampleRequest({ headers: { 'content-type': type, ...headers }, query, body });
};

/** The fields of a signature by Mailgun. @param header `parent-signature` for an event of a subaccount */
export const mailgunSignature = (now: number, header: 'signature' | 'parent-signature' = 'signature') => {
  const scheme = { ...presets.mailgun.scheme, header };
  const token = 'e0b5477167110d68991efc6b9f89f0a11066af27834600e123';
  const fields = signatureHeaders(scheme, [secret], { body: '', now, id: token });
  return { signature: 'of another key', ...fields };
};

const mailgunEvent = { event: 'delivered', id: 'G9Bn5sl1TC6nu79C8C0bwg' };
const mailgunMail = { recipient: 'ada@shop.example', subject: 'Hello' };

const events = [
  sample('the secret in its header', {}, () => sampleJsonRequest({ 'x-connic-secret': secret })),
  sample('the secret as a bearer token', {}, () => sampleJsonRequest({ authorization: `Bearer ${secret}` })),
  sample('the secret as the password of Basic authentication', {}, () =>
    sampleJsonRequest({ authorization: `Basic ${btoa(`sender:${secret}`)}` }),
  ),
  sample('the secret in the query', {}, () =>
    sampleRequest({ method: 'GET', query: `message=Hello&secret=${secret}` }),
  ),
  sample('no authentication', { auth: { type: 'none' } }, () => sampleJsonRequest({}), {
    mode: 'sync',
    authenticated: false,
  }),
  ...signatureAuths.map((auth) =>
    sample(`a signature by ${auth.type}`, { auth }, (now) =>
      sampleJsonRequest(signedBy(auth, sampleBody, secret, now)),
    ),
  ),
  ...Object.values(keyOwners).map(({ auth, headers }) =>
    sample(
      `a signature by the key of ${auth.type}`,
      { auth },
      (now) => sampleJsonRequest(headers(sampleBody, now)),
      { authenticated: false },
    ),
  ),
  sample(
    'a form that Twilio signed',
    { auth: { type: 'twilio' } },
    () => {
      const called = { url: sampleUrl, parameters: parametersOf(twilioForm) };
      return signedByTwilio('application/x-www-form-urlencoded', twilioForm, called);
    },
    { payload: { MessageSid: 'SM1', Body: 'Hello & welcome', Digits: ['1', '2'] } },
  ),
  sample('a JSON body that Twilio signed by its hash', { auth: { type: 'twilio' } }, () =>
    signedByTwilio('application/json', sampleJson, { url: urlWithHash(sampleUrl, sampleJson) }),
  ),
  ...(['signature', 'parent-signature'] as const).map((header) =>
    sample(
      `an event with the field ${header} of Mailgun`,
      { auth: { type: 'mailgun' } },
      (now) => {
        const event = { signature: mailgunSignature(now, header), 'event-data': mailgunEvent };
        return sampleJsonRequest({}, JSON.stringify(event));
      },
      { payload: { 'event-data': mailgunEvent } },
    ),
  ),
  sample(
    'a mail that Mailgun forwarded as a form',
    { auth: { type: 'mailgun' } },
    (now) => {
      const body = new URLSearchParams({ ...mailgunSignature(now), ...mailgunMail }).toString();
      return sampleRequest({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
    },
    { payload: mailgunMail },
  ),
  sample(
    'a signature by a secret that was chosen at the sender',
    { auth: { type: 'github' } },
    (now) => sampleJsonRequest(signedBy({ type: 'github' }, sampleBody, chosenSecret, now)),
    { secrets: { ...secrets, config: { signing_secret: chosenSecret } } },
  ),
];

const contentTypes = [
  'application/json',
  'application/json; charset=utf-16le',
  'application/vnd.api+json',
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=shift_jis',
  'multipart/form-data',
  'multipart/form-data; boundary=b',
  'multipart/mixed; boundary=b',
  'text/plain; charset=klingon',
  'image/png',
  ';;;',
];

/** Any character except surrogates, which cannot be encoded alone. */
const anyCharacter = fc
  .oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((codePoint) => String.fromCodePoint(codePoint));

/**
 * Any query that RFC 3986 allows. `fc.webQueryParameters` generates the same but first lists all of Unicode, which
 * takes a second in each importing file.
 */
const anyQuery = fc
  .array(fc.oneof(fc.constantFrom(...`az059-._~!$&'()*+,;=:@/?`), anyCharacter.map(encodeURIComponent)))
  .map((characters) => characters.join(''));

/** Bodies that almost match their content type. */
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.json().map((text) => Buffer.from(text)),
  anyQuery.map((text) => Buffer.from(text)),
  fc
    .array(
      fc.oneof(
        fc.constantFrom('--b', '--b--', '\r\n', 'content-disposition: form-data; name="a"'),
        fc.string(),
      ),
    )
    .map((lines) => Buffer.from(lines.join('\r\n'))),
);

const anyEvent = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'PUT', 'post', ''),
    contentType: fc.option(fc.constantFrom(...contentTypes), { nil: undefined }),
    headers: fc.dictionary(
      fc.constantFrom(
        'authorization',
        'content-encoding',
        'content-length',
        'idempotency-key',
        'stripe-signature',
      ),
      fc.string(),
    ),
    query: fc.oneof(anyQuery, fc.string()),
    body: anyBody,
  })
  .map(({ method, contentType, headers, query, body }) =>
    sampleRequest({ method, headers: { ...headers, 'content-type': contentType }, query, body }),
  );

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<never, WebhookMessage> = {
  requests: events,
  anyRequest: anyEvent,
  visible: ({ url, body }) => `${url}\n${body}`,
};

/** A read result with the payload's parsed value instead of its text. */
export function shownRead(read: PayloadRead) {
  return read.outcome === 'read' ? { ...read, payload: read.payload.value } : read;
}
