import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import { isPermanent, kafkaError } from './kafka-error.ts';
import type { KafkaMessage } from './prepare.ts';
import { producerFor } from './producers.ts';
import { timeoutOrAbort } from './timeout-or-abort.ts';

/** How long the replicas may take to acknowledge, in ms; less than a delivery's lease. */
const acknowledgeWithinMs = 30_000;

/**
 * Makes one attempt: writes the record and waits until all in-sync replicas have it.
 * @param withinMs how long they may take, in ms
 */
export async function send(
  message: KafkaMessage,
  { signal, secrets, allowPrivateTargets }: SendContext,
  withinMs = acknowledgeWithinMs,
): Promise<Sent> {
  const limit = timeoutOrAbort(withinMs, signal);
  try {
    const outcome = await Promise.race([
      producerFor(message, allowPrivateTargets).write(message),
      limit.ended,
    ]);
    if (outcome === 'late') {
      return failed(`The brokers did not acknowledge the message within ${withinMs / 1_000} seconds.`);
    }
    if (outcome === 'stopped') return failed(stopped);
    const place = outcome === undefined ? null : placeOf(outcome);
    return { outcome: 'delivered', statusCode: null, responseExcerpt: place };
  } catch (thrown) {
    if (signal.aborted) return failed(stopped);
    if (!isPermanent(thrown)) return failed(kafkaError(thrown, secrets));
    return {
      outcome: 'rejected',
      error: kafkaError(thrown, secrets),
      statusCode: null,
      responseExcerpt: null,
    };
  } finally {
    limit.release();
  }
}

const stopped = 'The process stopped before the brokers acknowledged the message.';

function failed(error: string): Sent {
  return { outcome: 'failed', error, retryAfterMs: 0, statusCode: null, responseExcerpt: null };
}

function placeOf({ partition, baseOffset }: { partition: number; baseOffset?: string }): string | null {
  return baseOffset === undefined ? null : `partition ${partition}, offset ${baseOffset}`;
}
