import type { HttpRequest } from '../../core/connectors/http-request.ts';
import { textOrJson } from '../../core/json/key-at-path.ts';
import type { Payload } from '../../core/json/payload.ts';
import type { Parameters } from '../../signatures/parameters.ts';
import type { RequestHeaders } from '../../signatures/read-signature.ts';
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

/** The fields of a body that contain its signature, as if they were headers: one set for each place. */
export function signatureFields(auth: SignatureAuth, payload: Payload): readonly RequestHeaders[] {
  const names = schemesOf(auth).flatMap(({ header, timestamp, idHeader }) => [
    header,
    ...(timestamp !== null && 'header' in timestamp ? [timestamp.header] : []),
    ...(idHeader === null ? [] : [idHeader]),
  ]);
  return (senderOf(auth)?.signatureIn ?? []).map((object) =>
    Object.fromEntries(names.map((name) => [name, textAt(payload, fieldPath(object, name))])),
  );
}

function textAt(payload: Payload, path: string): string | undefined {
  const found = payload.at(path);
  return found === undefined ? undefined : textOrJson(found);
}

/** The dot path of a field in an object of the body, or in the body itself. */
export function fieldPath(object: string | null, name: string): string {
  return object === null ? name : `${object}.${name}`;
}
