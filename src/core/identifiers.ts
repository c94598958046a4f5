import { hash } from 'node:crypto';

/** Gives `count` unpredictable bytes. An argument of everything that makes ids or secrets, so that tests can fix it. */
export type Entropy = (count: number) => Uint8Array;

/**
 * A UUIDv7 (RFC 9562, section 5.7): sortable by `timeMs` (Unix milliseconds), unique by 74 bits of `entropy`.
 */
export function uuidV7(timeMs: number, entropy: Entropy): string {
  return formatUuid(timeMs, entropy(10), 7);
}

/**
 * A UUIDv7 whose random part is the SHA-256 of a natural key, so that a repeat of the same event gets the same id.
 * `timeMs` has to belong to the event (a tick, a record's timestamp), not to the moment of its arrival.
 *
 * @param place where the event stands in its stream, counting up: its last 12 bits come before the random part (RFC 9562,
 *   section 6.2, method 1), so that ids of one millisecond are sorted as their events are, and lie together where they
 *   are stored
 */
export function derivedUuidV7(timeMs: number, naturalKey: string, place?: number): string {
  const tail = hash('sha256', naturalKey, 'buffer');
  if (place !== undefined) {
    tail[0] = (place / 256) & 0x0f;
    tail[1] = place & 0xff;
  }
  return formatUuid(timeMs, tail, 7);
}

/** A UUIDv4: for ids that must not tell when they were made nor be guessable, such as a connector's. */
export function uuidV4(entropy: Entropy): string {
  const bytes = entropy(16);
  let timeMs = 0;
  for (const byte of bytes.subarray(10, 16)) timeMs = timeMs * 256 + byte;
  return formatUuid(timeMs, bytes, 4);
}

function formatUuid(timeMs: number, tail: Uint8Array, version: number): string {
  const time = Math.max(0, Math.trunc(timeMs)).toString(16).padStart(12, '0').slice(-12);
  const byte = (index: number) => tail[index] ?? 0;
  let rest = '';
  for (let index = 3; index < 9; index++) rest += hexOfByte(byte(index));
  const versioned = ((version << 4) | (byte(0) & 0x0f)).toString(16) + hexOfByte(byte(1));
  const variant = hexOfByte((byte(2) & 0x3f) | 0x80) + hexOfByte(byte(9));
  return `${time.slice(0, 8)}-${time.slice(8)}-${versioned}-${variant}-${rest}`;
}

const hexOfBytes = Array.from({ length: 256 }, (_, value) => value.toString(16).padStart(2, '0'));

function hexOfByte(value: number): string {
  return hexOfBytes[value] ?? '00';
}
