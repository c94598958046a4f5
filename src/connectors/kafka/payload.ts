import { textOrJson } from '../../core/identifiers.ts';
import { parseExactly } from '../../core/json/exact-json.ts';
import { isJsonObject, type JsonObject, type JsonValue, Payload } from '../../core/json/json-value.ts';
import type { KafkaRecord } from './kafka-record.ts';

export type PayloadRead =
  | { readonly outcome: 'read'; readonly payload: Payload }
  | { readonly outcome: 'unreadable'; readonly problem: string };

/** A key that is not UTF-8 is kept as base64, marked in `_kafka`. */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The payload of a message: an object keeps its fields, and any other value goes under `message`. `_kafka` always comes
 * from the connector, never from the message.
 */
export function payloadOf(record: KafkaRecord): PayloadRead {
  const text = record.value === null ? null : decode(record.value);
  if (text === undefined) return { outcome: 'unreadable', problem: 'Its value is not UTF-8 text.' };
  const value = text === null ? null : jsonOrText(text);
  const fields = isJsonObject(value) ? value : { message: value };
  return { outcome: 'read', payload: Payload.of({ ...fields, _kafka: metadataOf(record) }) };
}

function metadataOf({ topic, partition, offset, timestampMs, key }: KafkaRecord): JsonObject {
  const coordinates = { topic, partition, offset: Number(offset), timestamp: timestampMs };
  if (key === null) return { ...coordinates, key: null };
  const text = decode(key);
  if (text !== undefined) return { ...coordinates, key: text };
  return { ...coordinates, key: Buffer.from(key).toString('base64'), key_encoding: 'base64' };
}

/** `undefined` if the bytes are not UTF-8. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function jsonOrText(text: string): JsonValue {
  try {
    return parseExactly(text);
  } catch {
    return text;
  }
}

/** The exact key of the message that a payload came from; `null` if it had none. */
export function keyOfPayload(payload: Payload): Uint8Array | null {
  const key = payload.at('_kafka.key');
  if (key === undefined || !key.startsWith('"')) return null;
  return Buffer.from(textOrJson(key), payload.at('_kafka.key_encoding') === '"base64"' ? 'base64' : 'utf8');
}
