import type { HttpRequest } from '../../core/connectors/http-request.ts';
import { textOrJson } from '../../core/identifiers.ts';
import { type JsonObject, Payload } from '../../core/json/json-value.ts';
import type { Parameters, RequestHeaders } from '../../signatures/request-signature.ts';
import { type SignatureAuth, schemesOf, senderOf } from './auth-config.ts';

// Signatures that need the payload: those over a form's parameters, and those that are in the body.

/** Whether a request's signature can be verified only after its payload is read. */
export function needsPayload(auth: SignatureAuth, { headers }: Pick<HttpRequest, 'headers'>): boolean {
  if (senderOf(auth)?.signatureIn !== undefined) return true;
  return (
    isForm(headers) && schemesOf(auth).some(({ signedContent }) => signedContent.includes('{parameters}'))
  );
}

export function isForm(headers: RequestHeaders): boolean {
  const type = headers['content-type']?.toLowerCase() ?? '';
  return type.startsWith('application/x-www-form-urlencoded');
}

/** The parameters of a form from its payload, in which a repeated one is a list. */
export function parametersOfPayload({ value }: Payload): Parameters {
  const entries = Object.entries(Object(value)).map(
    ([name, given]) => [name, Array.isArray(given) ? given.map(String) : [String(given)]] as const,
  );
  return new Map(entries);
}

/** A place in a body that may contain its signature. */
interface SignaturePlace {
  /** The name of the object; `null` for the body itself. */
  readonly object: string | null;
  /** The fields of the signature, as if they were headers. */
  readonly fields: RequestHeaders;
}

export function signaturePlaces(auth: SignatureAuth, payload: Payload): readonly SignaturePlace[] {
  const names = namesIn(auth);
  return (senderOf(auth)?.signatureIn ?? []).map((object) => ({
    object,
    fields: Object.fromEntries(names.map((name) => [name, textAt(payload, fieldPath(object, name))])),
  }));
}

/** The payload without the signature that was verified in `object`, and without any other signature beside it. */
export function withoutSignature(
  auth: SignatureAuth,
  payload: Payload,
  object: SignaturePlace['object'],
): Payload {
  const names = object === null ? namesIn(auth) : [object, ...schemesOf(auth).map(({ header }) => header)];
  const fields = Object.entries(Object(payload.exact)).filter(([name]) => !names.includes(name));
  return Payload.of(Object.fromEntries(fields) as JsonObject);
}

/** The names of the fields that make up a signature. */
function namesIn(auth: SignatureAuth): readonly string[] {
  return schemesOf(auth).flatMap(({ header, timestamp, idHeader }) => [
    header,
    ...(timestamp !== null && 'header' in timestamp ? [timestamp.header] : []),
    ...(idHeader === null ? [] : [idHeader]),
  ]);
}

function textAt(payload: Payload, path: string): string | undefined {
  const found = payload.at(path);
  return found === undefined ? undefined : textOrJson(found);
}

/** The dot path of a field in an object of the body, or in the body itself. */
function fieldPath(object: string | null, name: string): string {
  return object === null ? name : `${object}.${name}`;
}
