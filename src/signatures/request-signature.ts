import { anyEqual, hmac } from './hmac.ts';
import { isCovered, type Parameters, parametersText, withAndWithoutPort } from './parameters.ts';
import { type CarriedSignature, type RequestHeaders, readSignature } from './read-signature.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { isTimely, writeTime } from './signature-time.ts';
import { signingKey } from './signing-key.ts';

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
