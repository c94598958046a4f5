import { hash } from 'node:crypto';
import { type JsonValue, type Payload, valueAtPath } from './json/json-value.ts';

/** Returns `count` unpredictable bytes. An argument of all that creates ids or secrets, so that tests can fix it. */
export type Entropy = (count: number) => Uint8Array;

/**
 * A UUIDv7 (RFC 9562, section 5.7): sortable by `timeMs` (Unix milliseconds), unique by 74 bits of `entropy`.
 */
export function uuidV7(timeMs: number, entropy: Entropy): string {
  return formatUuid(timeMs, entropy(10), 7);
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
  const tail = hash('sha256', naturalKey, 'buffer');
  if (place !== undefined) tail.writeUInt16BE(place % 4_096);
  return formatUuid(timeMs, tail, 7);
}

/** The time of a UUIDv7 in Unix milliseconds; `null` if the text is not one. */
export function timeOfUuidV7(id: string): number | null {
  const parts = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i.exec(id);
  return parts === null ? null : Number.parseInt(`${parts[1]}${parts[2]}`, 16);
}

/** A UUIDv4: for ids that must not reveal their creation time or be guessable, such as a connector's. */
export function uuidV4(entropy: Entropy): string {
  const random = Buffer.from(entropy(16));
  return formatUuid(random.readUIntBE(10, 6), random, 4);
}

// Filled in for each UUID: composing it from pieces of text takes three times as long.
const bytes = new Uint8Array(16);
const view = new DataView(bytes.buffer);
const text = Buffer.alloc(36, '-');

/** Where the two digits of each byte begin. */
const places = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
/** Character codes of the two digits of every byte. */
const digits = Buffer.from(
  Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0')).join(''),
);

/** @param tail at least 10 bytes: everything after the time, except version and variant */
function formatUuid(timeMs: number, tail: Uint8Array, version: number): string {
  const time = Math.max(0, Math.trunc(timeMs));
  view.setUint16(0, time / 2 ** 32);
  view.setUint32(2, time);
  bytes[6] = (version << 4) | ((tail[0] ?? 0) & 0x0f);
  bytes[7] = tail[1] ?? 0;
  bytes[8] = 0x80 | ((tail[2] ?? 0) & 0x3f);
  bytes[9] = tail[9] ?? 0;
  bytes.set(tail.subarray(3, 9), 10);
  for (let index = 0; index < bytes.length; index++) {
    const place = places[index] ?? 0;
    const digit = 2 * (bytes[index] ?? 0);
    text[place] = digits[digit] ?? 0;
    text[place + 1] = digits[digit + 1] ?? 0;
  }
  return text.toString('latin1');
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
