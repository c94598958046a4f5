import { isJsonObject } from '../core/json/json-value.ts';
import { Payload } from '../core/json/payload.ts';
import { parseExactly } from './contract/exact-json.ts';

/**
 * The payload in the body of a request, with the digits that were sent: what the contract has checked is what JavaScript
 * made of the numbers. `null` where the body has none.
 */
export function payloadOfBody(text: string): Payload | null {
  const body = text === '' ? null : parseExactly(text);
  const payload = isJsonObject(body) ? body['payload'] : undefined;
  return payload === undefined ? null : Payload.of(payload);
}
