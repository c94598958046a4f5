import { hash } from 'node:crypto';
import {
  anyEqual,
  decodeStrictly,
  hmac,
  isTimely,
  type SignatureScheme,
  signingKey,
  writeTime,
} from './signature-scheme.ts';

/** The signed content and its time. */
export interface SignedMessage {
  readonly body: string | Uint8Array;
  /** Unix ms. */
  readonly now: number;
  /** The message's id, for schemes with one: the same for every attempt. */
  readonly id?: string;
  /** Of the request, for schemes that cover them. The URL is the one that the sender used, with its query. */
  readonly method?: string;
  readonly url?: string;
  /** The parameters of a form; absent for any other body. */
  readonly parameters?: Parameters;
}

/** A request whose signature needs verification. */
export interface SignedRequest extends Pick<SignedMessage, 'method' | 'url' | 'parameters'> {
  readonly headers: RequestHeaders;
  readonly body: Uint8Array;
}

/**
 * The headers that sign a message with the secrets.
 *
 * @param secrets the current one first; a scheme that carries several signatures gets one by each
 * @throws Error if a secret is invalid for this scheme (see `secretProblem`)
 */
export function signatureHeaders(
  scheme: SignatureScheme,
  secrets: readonly string[],
  { now, id = '', ...message }: SignedMessage,
): Record<string, string> {
  const timestamp = scheme.timestamp === null ? null : writeTime(now, scheme.timestamp.unit);
  const parts = signedParts(scheme, { timestamp, id }, message);
  const signatures = secrets.map((secret) => {
    const key = signingKey(secret, scheme.key);
    if (key === null) throw new Error('a secret cannot be used with this signature scheme');
    return hmac(scheme.algorithm, key, parts).toString(scheme.encoding);
  });
  return {
    ...(scheme.idHeader === null ? {} : { [scheme.idHeader]: id }),
    ...(timestamp !== null && scheme.timestamp !== null && 'header' in scheme.timestamp
      ? { [scheme.timestamp.header]: timestamp }
      : {}),
    [scheme.header]: headerText(scheme, signatures, timestamp),
  };
}

function headerText(
  { carrier, timestamp: place }: SignatureScheme,
  signatures: readonly string[],
  timestamp: string | null,
): string {
  if (carrier.kind === 'single') return carrier.prefix + (signatures[0] ?? '');
  const { assignment, separator, signature: name } = carrier;
  const time = place !== null && 'entry' in place ? [`${place.entry}${assignment}${timestamp}`] : [];
  return [...time, ...signatures.map((signature) => `${name}${assignment}${signature}`)].join(separator);
}

/**
 * Whether one of the secrets has signed the raw body and, if the scheme has a time, close enough to `now`. A secret
 * that is invalid for the scheme verifies nothing.
 *
 * @param now Unix ms
 * @param toleranceSeconds largest distance of the signature's time from `now`; ignored without a time
 */
export function isSigned(
  scheme: SignatureScheme,
  { headers, ...request }: SignedRequest,
  secrets: readonly string[],
  now: number,
  toleranceSeconds: number,
): boolean {
  const carried = readSignature(headers, scheme);
  if (carried === null) return false;
  const { timestamp } = carried;
  if (timestamp !== null && !isTimely(timestamp, now, toleranceSeconds, scheme.timestamp?.unit)) return false;
  if (request.url === undefined && scheme.signedContent.includes('{url}')) return false;
  if (scheme.signedContent.includes('{parameters}') && !isCovered(request)) return false;
  const keys = secrets.flatMap((secret) => signingKey(secret, scheme.key) ?? []);
  const urls = scheme.urlPort === 'optional' ? withAndWithoutPort(request.url) : [request.url];
  return urls.some((url) => {
    const parts = signedParts(scheme, carried, { ...request, ...(url === undefined ? {} : { url }) });
    return anyEqual(
      carried.signatures,
      keys.map((key) => hmac(scheme.algorithm, key, parts)),
    );
  });
}

/** Why `isSigned` refused a request, in one sentence for operators. */
export function explainUnsigned(
  scheme: SignatureScheme,
  { headers }: Pick<SignedRequest, 'headers'>,
  now: number,
  toleranceSeconds: number,
): string {
  const { header } = scheme;
  if (headers[header] === undefined) {
    return `The request has no "${header}" header: the sender does not sign its requests, or signs them differently.`;
  }
  const carried = readSignature(headers, scheme);
  if (carried === null) {
    return `The signature in "${header}" is malformed, or a header that belongs to it is missing.`;
  }
  const { timestamp } = carried;
  if (timestamp !== null && !isTimely(timestamp, now, toleranceSeconds, scheme.timestamp?.unit)) {
    return `The signature in "${header}" is dated more than ${toleranceSeconds} s from now: the request is old, or a clock is wrong.`;
  }
  return `The signature in "${header}" does not match: the sender signs with a different secret, or the request was changed on the way.`;
}

function signedParts(
  { signedContent }: SignatureScheme,
  { timestamp, id }: Pick<CarriedSignature, 'timestamp' | 'id'>,
  { body, method = '', url = '', parameters }: Omit<SignedMessage, 'now' | 'id'>,
): (string | Uint8Array)[] {
  const parts = {
    '{body}': body,
    '{timestamp}': timestamp ?? '',
    '{id}': id ?? '',
    '{method}': method,
    '{url}': url,
    '{parameters}': parameters === undefined ? '' : parametersText(parameters),
  };
  const isPlace = (part: string): part is keyof typeof parts => Object.hasOwn(parts, part);
  return signedContent.split(/(\{[a-z]+\})/).map((part) => (isPlace(part) ? parts[part] : part));
}

/** The headers of a request, by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** The signature headers of a request, as the sender wrote them. */
interface CarriedSignature {
  readonly signatures: readonly Uint8Array[];
  /** `null` if the scheme has none. */
  readonly timestamp: string | null;
  readonly id: string | null;
}

/** Reads the headers of a scheme; `null` if anything is missing or not in the scheme's form. */
function readSignature(headers: RequestHeaders, scheme: SignatureScheme): CarriedSignature | null {
  const text = headers[scheme.header];
  const entries = text === undefined ? null : entriesOf(text, scheme);
  if (entries === null) return null;
  const timestamp = timestampOf(headers, entries, scheme);
  const id = scheme.idHeader === null ? null : headers[scheme.idHeader];
  if (timestamp === undefined || id === undefined || id === '') return null;
  const signatures = entries
    .filter(([name]) => name === signatureName(scheme))
    .map(([, value]) => decodeStrictly(value, scheme.encoding));
  if (!signatures.every((signature) => signature !== null)) return null;
  return { signatures, timestamp, id };
}

type Entry = readonly [name: string, value: string];

function entriesOf(text: string, { carrier }: SignatureScheme): readonly Entry[] | null {
  if (carrier.kind === 'single') {
    const { prefix, separator } = carrier;
    const texts = separator === undefined ? [text] : text.split(separator).map((one) => one.trim());
    if (!texts.every((one) => one.startsWith(prefix))) return null;
    return texts.map((one) => ['', one.slice(prefix.length)]);
  }
  const entries: Entry[] = [];
  for (const entry of text.split(carrier.separator)) {
    const [name = '', ...value] = entry.replace(/^[ \t]+/, '').split(carrier.assignment);
    if (name === '' || value.length === 0) return null;
    entries.push([name, value.join(carrier.assignment)]);
  }
  return entries;
}

function signatureName({ carrier }: SignatureScheme): string {
  return carrier.kind === 'single' ? '' : carrier.signature;
}

/** `undefined` if the request has none or several. */
function timestampOf(
  headers: RequestHeaders,
  entries: readonly Entry[],
  { timestamp }: SignatureScheme,
): string | null | undefined {
  if (timestamp === null) return null;
  if ('header' in timestamp) return headers[timestamp.header];
  const times = entries.filter(([name]) => name === timestamp.entry);
  return times.length === 1 ? times[0]?.[1] : undefined;
}

// How Twilio signs requests: twilio.com/docs/usage/webhooks/webhooks-security, "Validating signatures from Twilio".

/** The parameters of a form: every value of every name. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

/** The parameters of a form that this product writes. @param body as `URLSearchParams` writes it */
export function parametersOf(body: string): Parameters {
  const form = new URLSearchParams(body);
  return new Map([...form.keys()].map((name) => [name, form.getAll(name)]));
}

/** The signed text of a form: names and values, sorted by name, each value of a name once. */
export function parametersText(parameters: Parameters): string {
  const sorted = [...parameters].sort(([one], [other]) => (one < other ? -1 : 1));
  const texts = sorted.flatMap(([name, values]) => [...new Set(values)].sort().map((value) => name + value));
  return texts.join('');
}

const hashParameter = 'bodySHA256';

/** The URL to send a body that is not a form to: its query contains the hash of the body. */
export function urlWithHash(url: string, body: string | Uint8Array): string {
  return `${url}${url.includes('?') ? '&' : '?'}${hashParameter}=${hash('sha256', body, 'hex')}`;
}

/** Whether the signature covers the body: by the parameters of a form, or by the hash in the URL. */
function isCovered(request: {
  readonly url?: string;
  readonly body: Uint8Array;
  readonly parameters?: Parameters;
}): boolean {
  if (request.parameters !== undefined) return true;
  const { searchParams } = new URL(request.url ?? 'about:blank');
  return searchParams.get(hashParameter) === hash('sha256', request.body, 'hex');
}

/** Twilio signs some URLs with the usual port and some without. */
function withAndWithoutPort(url = ''): readonly string[] {
  const parts = /^(https?):\/\/([^/?#:]+)(:\d+)?(.*)$/.exec(url);
  if (parts === null) return [url];
  const [, scheme, host, port, rest = ''] = parts;
  const usualPort = scheme === 'https' ? ':443' : ':80';
  return [url, `${scheme}://${host}${port === undefined ? usualPort : ''}${rest}`];
}
