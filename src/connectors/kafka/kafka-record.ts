import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';

/** One message of a topic, as the broker keeps it. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  /** Decimal: it may exceed what a number holds. */
  readonly offset: string;
  /** Unix ms; -1 where the message has none. */
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  /** `null` is a tombstone. */
  readonly value: Uint8Array | null;
}

const base64 = z
  .base64()
  .nullable()
  .transform((text) => (text === null ? null : Buffer.from(text, 'base64')));

const kept = z.object({
  topic: z.string(),
  partition: z.int(),
  offset: z.string(),
  timestamp: z.number(),
  key: base64,
  value: base64,
});

/** A record as a dead letter keeps it: its coordinates, and its bytes as base64. */
export const keptRecord = {
  write({ topic, partition, offset, timestampMs, key, value }: KafkaRecord): JsonObject {
    return { topic, partition, offset, timestamp: timestampMs, key: toBase64(key), value: toBase64(value) };
  },
  /** @throws ZodError where it is none */
  read(letter: JsonObject): KafkaRecord {
    const { timestamp, ...record } = kept.parse(letter);
    return { ...record, timestampMs: timestamp };
  },
};

function toBase64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64');
}
