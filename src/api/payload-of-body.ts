import { isJsonObject, Payload } from '../core/json/json-value.ts';
import { parseExactly } from './contract/exact-json.ts';

/**
 * The payload in a request body, with the digits that were sent: JavaScript may have rounded the numbers in the
 * validated body. `null` if the body has no payload.
 */
export function payloadOfBody(text: string): Payload | null {
  const body = text === '' ? null : parseExactly(text);
  const payload = isJsonObject(body) ? body['payload'] : undefined;
  return payload === undefined ? null : Payload.of(payload);
}
