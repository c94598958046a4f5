import * as z from 'zod';
import type { ReceiveContext, Refused } from '../../core/connectors/received.ts';
import { isJsonObject, type JsonObject, Payload } from '../../core/json/json-value.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';

/** An event of a bus, unparsed. */
export interface BusEvent {
  /** JSON that preserves the digits of numbers. */
  readonly text: string;
}

/** Converts an event to and from its dead letter. */
export const deadLetterCodec = {
  write: ({ text }: BusEvent): JsonObject => ({ text }),
  read: (kept: JsonObject): BusEvent => z.object({ text: z.string() }).parse(kept),
};

/** The fields of an EventBridge event that are used here (user guide, "Events"). */
const envelope = z.looseObject({
  id: z.string().min(1).max(256),
  source: z.string(),
  'detail-type': z.string(),
  detail: z.unknown().transform((detail, context) => {
    if (isJsonObject(detail)) return detail;
    context.addIssue({ code: 'custom', message: 'must be an object' });
    return z.NEVER;
  }),
  time: z.string().optional(),
});

export interface ReadEvent {
  readonly outcome: 'read';
  readonly payload: Payload;
  readonly id: string;
  /** Unix ms; 0 if the event has no time. */
  readonly timeMs: number;
  /** The signed chain of runs that led to the event; absent if it carries none. */
  readonly signedChain?: string;
}

/** EventBridge accepts events of up to 1 MB. */
export const maxEventBytes = 1_048_576;

const limits = { maxDepth: 200, maxKeys: 100_000 };

/** Reads one complete event. @param bytes UTF-8 */
export async function readEvent(
  bytes: Uint8Array,
  { readJson }: Pick<ReceiveContext, 'readJson'>,
): Promise<ReadEvent | Refused> {
  const read = await readJson(bytes, 'utf-8', limits);
  if (read.outcome === 'refused') return read;
  const payload = new Payload(read.text);
  const parsed = envelope.safeParse(payload.value);
  if (!parsed.success) return notAnEvent;
  const { id, detail } = parsed.data;
  const time = Date.parse(parsed.data.time ?? '');
  const signedChain = detail[chainHeader];
  return {
    outcome: 'read',
    payload,
    id,
    timeMs: Number.isNaN(time) ? 0 : Math.max(0, time),
    ...(typeof signedChain === 'string' ? { signedChain } : {}),
  };
}

const notAnEvent: Refused = {
  outcome: 'refused',
  reason: 'malformed',
  detail:
    'The body is not a complete EventBridge event: it needs "id", "source", "detail-type", and "detail". Send the matched event without an input transformer.',
};
