import { hash } from 'node:crypto';
import { type JsonValue, type Payload, valueAtPath } from './json/json-value.ts';

/** Returns `count` unpredictable bytes. An argument of all that creates ids or secrets, so that tests can fix it. */
export type Entropy = (count: number) => Uint8Array;

/**
 * A UUIDv7 (RFC 9562, section 5.7): sortable by `timeMs` (Unix milliseconds), unique by 74 bits of `entropy`.
 */
export function uuidV7(timeMs: number, entropy: Entropy): string {
  return formatUuid(timeMs, hexOf(entropy(10)), 7);
}

/**
 * A UUIDv7 whose random part is the SHA-256 of a natural key, so that a repeated event gets the same id. `timeMs` must
 * belong to the event (a tick, a record's timestamp), not to its arrival.
 *
 * @param place the event's position in its stream, counting up. Its last 12 bits precede the random part (RFC 9562,
 *   section 6.2, method 1): ids of one millisecond sort in the order of their events, until these bits wrap around, and
 *   are stored close together
 */
export function derivedUuidV7(timeMs: number, naturalKey: string, place?: number): string {
  const tail = hash('sha256', naturalKey, 'hex');
  if (place === undefined) return formatUuid(timeMs, tail, 7);
  return formatUuid(timeMs, `0${(place % 4_096).toString(16).padStart(3, '0')}${tail.slice(4)}`, 7);
}

/** The time of a UUIDv7 in Unix milliseconds; `null` if the text is not one. */
export function timeOfUuidV7(id: string): number | null {
  const parts = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i.exec(id);
  return parts === null ? null : Number.parseInt(`${parts[1]}${parts[2]}`, 16);
}

/** A UUIDv4: for ids that must not reveal their creation time or be guessable, such as a connector's. */
export function uuidV4(entropy: Entropy): string {
  const digits = hexOf(entropy(16));
  return formatUuid(Number.parseInt(digits.slice(20), 16), digits, 4);
}

/** @param tail at least 20 hexadecimal digits: everything after the time, except version and variant */
function formatUuid(timeMs: number, tail: string, version: number): string {
  const time = Math.max(0, Math.trunc(timeMs)).toString(16).padStart(12, '0').slice(-12);
  const variant = variants[Number.parseInt(tail.charAt(4), 16) & 3];
  const versioned = version + tail.slice(1, 4);
  const varied = `${variant}${tail.charAt(5)}${tail.slice(18, 20)}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${versioned}-${varied}-${tail.slice(6, 18)}`;
}

/** The possible first digits of the variant of RFC 9562. */
const variants = '89ab';

const hexOfBytes = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

function hexOf(bytes: Uint8Array): string {
  let digits = '';
  for (const byte of bytes) digits += hexOfBytes[byte];
  return digits;
}

/** Longest key that is kept as it is, in characters: stores limit what they index. */
const longestKey = 500;

/**
 * The key shared by runs with the same value at a dot path of their payload: text as it is, other values as the JSON
 * text that was sent, long keys as their SHA-256.
 *
 * @returns `null` if the path leads nowhere or to `null`: the run shares its key with no other
 */
export function keyOfPayload(payload: Payload, path: string): string | null {
  const found = payload.at(path);
  return found === undefined ? null : keyOfText(found);
}

/** The same for a value whose numbers may be `RawJson`. */
export function keyAtPath(value: JsonValue, path: string): string | null {
  const found = valueAtPath(value, path);
  return found === undefined ? null : keyOfText(JSON.stringify(found));
}

function keyOfText(json: string): string | null {
  if (json === 'null') return null;
  const key = textOrJson(json);
  return key.length <= longestKey ? key : `sha256:${hash('sha256', key, 'hex')}`;
}

/** The characters of a JSON string; any other JSON text unchanged. */
export function textOrJson(json: string): string {
  return json.startsWith('"') ? String(JSON.parse(json)) : json;
}
