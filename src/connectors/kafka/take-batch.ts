import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import type { ListenContext } from '../../core/connectors/listening.ts';
import { RetryableError } from '../../core/errors.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { chainOf, type KafkaRecord } from './kafka-record.ts';

/** Messages stored in one write: about 20 ms of work between heartbeats. */
const portionSize = 1_000;
/** The next portion is read while one is written. */
const portionsAtATime = 2;

/**
 * Passes on the messages fetched from one partition. The offset advances only past durably stored messages. If none can
 * be taken now, the partition pauses and the same messages are fetched again.
 */
export async function takeBatch(payload: EachBatchPayload, take: ListenContext<KafkaRecord>['take']) {
  const { batch } = payload;
  const taking: Taking[] = [];
  for (let start = 0; start < batch.messages.length; start += portionSize) {
    if (!payload.isRunning() || payload.isStale()) break;
    const portion = batch.messages.slice(start, start + portionSize);
    const waitMs = msToWait(() => take(portion.map((message) => recordOf(batch, message))));
    // `advance` handles a rejection; until then it must not count as unhandled.
    waitMs.catch(() => undefined);
    taking.push({ waitMs, lastOffset: portion.at(-1)?.offset ?? batch.lastOffset() });
    // Lets the portion reach its writer before the next one occupies this thread.
    await nextTurn();
    if (taking.length === portionsAtATime && !(await advance(payload, taking))) return;
  }
  while (taking.length > 0) if (!(await advance(payload, taking))) return;
}

interface Taking {
  /** 0 once it is stored. */
  readonly waitMs: Promise<number>;
  readonly lastOffset: string;
}

/**
 * Waits for the oldest portion and moves the offset past it.
 * @returns whether it was taken; otherwise it and all later messages are fetched again
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

/** @returns 0 if everything was taken */
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
  const { offset, timestamp, key, value, headers } = message;
  const chain = headers?.[chainHeader];
  const signed = chainOf(Array.isArray(chain) ? chain[0] : chain);
  return { topic, partition, offset, timestampMs: Number(timestamp), key, value, ...signed };
}
