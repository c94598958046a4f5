import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { RetryableError } from '../../core/errors.ts';
import type { ListenContext } from '../../core/listening.ts';
import type { KafkaRecord } from './kafka-record.ts';

/** Messages that are stored in one write: some 20 ms of work, after which the group gets its heartbeat. */
const portionSize = 1_000;

/**
 * Hands on the messages that were fetched of one partition. Its offset advances behind what is durably taken; where
 * nothing can be taken now, the partition pauses and the same messages are fetched again.
 */
export async function takeBatch(payload: EachBatchPayload, take: ListenContext<KafkaRecord>['take']) {
  const { batch } = payload;
  for (let start = 0; start < batch.messages.length; start += portionSize) {
    if (!payload.isRunning() || payload.isStale()) return;
    const portion = batch.messages.slice(start, start + portionSize);
    const waitMs = await msToWait(() => take(portion.map((message) => recordOf(batch, message))));
    if (waitMs > 0) return pauseFor(payload, waitMs);
    payload.resolveOffset(portion.at(-1)?.offset ?? batch.lastOffset());
    await payload.heartbeat();
    await payload.commitOffsetsIfNecessary();
  }
}

/** @returns 0 where everything was taken */
async function msToWait(take: () => Promise<void>): Promise<number> {
  try {
    await take();
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof RetryableError)) throw thrown;
    return thrown.retryAfterSeconds * 1_000;
  }
}

function pauseFor(payload: EachBatchPayload, waitMs: number): void {
  const resume = payload.pause();
  setTimeout(() => {
    if (payload.isRunning()) resume();
  }, waitMs).unref();
}

function recordOf({ topic, partition }: EachBatchPayload['batch'], message: KafkaMessage): KafkaRecord {
  const { offset, timestamp, key, value } = message;
  return { topic, partition, offset, timestampMs: Number(timestamp), key, value };
}
