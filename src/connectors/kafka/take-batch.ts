import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { ListenContext } from '../../core/connectors/listening.ts';
import { RetryableError } from '../../core/errors.ts';
import type { KafkaRecord } from './kafka-record.ts';

/** Messages that are stored in one write: some 20 ms of work, after which the group gets its heartbeat. */
const portionSize = 1_000;
/** While one portion is written, the next one is read. */
const portionsAtATime = 2;

/**
 * Hands on the messages that were fetched of one partition. Its offset advances behind what is durably taken; where
 * nothing can be taken now, the partition pauses and the same messages are fetched again.
 */
export async function takeBatch(payload: EachBatchPayload, take: ListenContext<KafkaRecord>['take']) {
  const { batch } = payload;
  const taking: Taking[] = [];
  for (let start = 0; start < batch.messages.length; start += portionSize) {
    if (!payload.isRunning() || payload.isStale()) break;
    const portion = batch.messages.slice(start, start + portionSize);
    const waitMs = msToWait(() => take(portion.map((message) => recordOf(batch, message))));
    // Whoever waits for it learns of it; meanwhile nobody may.
    waitMs.catch(() => undefined);
    taking.push({ waitMs, lastOffset: portion.at(-1)?.offset ?? batch.lastOffset() });
    // The portion is on its way to its writer before the next one keeps this thread busy.
    await nextTurn();
    if (taking.length === portionsAtATime && !(await advance(payload, taking))) return;
  }
  while (taking.length > 0) if (!(await advance(payload, taking))) return;
}

/** A portion that is being stored. */
interface Taking {
  /** 0 once it is. */
  readonly waitMs: Promise<number>;
  readonly lastOffset: string;
}

/**
 * Waits for the oldest portion and moves the offset behind it.
 * @returns whether it was taken; what comes after one that was not is fetched again with it
 */
async function advance(payload: EachBatchPayload, taking: Taking[]): Promise<boolean> {
  const oldest = taking.shift();
  if (oldest === undefined) return true;
  const waitMs = await oldest.waitMs;
  if (waitMs > 0) {
    await Promise.all(taking.map((later) => later.waitMs));
    pauseFor(payload, waitMs);
    return false;
  }
  payload.resolveOffset(oldest.lastOffset);
  await payload.heartbeat();
  await payload.commitOffsetsIfNecessary();
  return true;
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
