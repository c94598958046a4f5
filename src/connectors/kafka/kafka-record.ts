import * as z from 'zod';
import type { JsonObject } from '../../core/json/json-value.ts';

/** A message of a topic as the broker stores it. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  /** Decimal text: the offset may exceed a number's precision. */
  readonly offset: string;
  /** Unix ms; -1 if the message has none. */
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  /** `null` is a tombstone. */
  readonly value: Uint8Array | null;
  /** The signed chain of runs that led to the message (`chainHeader`); absent if it carries none. */
  readonly signedChain?: string;
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
  signedChain: z.string().exactOptional(),
});

/** Converts a record to and from its dead letter: its coordinates, and its bytes in base64. */
export const keptRecord = {
  write({ topic, partition, offset, timestampMs, key, value, ...chain }: KafkaRecord): JsonObject {
    const bytes = { key: toBase64(key), value: toBase64(value) };
    return { topic, partition, offset, timestamp: timestampMs, ...bytes, ...chain };
  },
  /** @throws ZodError where it is none */
  read(letter: JsonObject): KafkaRecord {
    const { timestamp, ...record } = kept.parse(letter);
    return { ...record, timestampMs: timestamp };
  },
};

/** The chain in the value of a record's `chainHeader`. */
export function chainOf(
  value: string | Uint8Array | readonly number[] | undefined,
): Pick<KafkaRecord, 'signedChain'> {
  if (value === undefined) return {};
  return { signedChain: typeof value === 'string' ? value : Buffer.from(value).toString() };
}

function toBase64(bytes: Uint8Array | null): string | null {
  return bytes === null ? null : Buffer.from(bytes).toString('base64');
}
