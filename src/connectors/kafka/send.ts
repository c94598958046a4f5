import { setTimeout as sleep } from 'node:timers/promises';
import type { SendContext, Sent } from '../../core/connector-type.ts';
import { isPermanent, kafkaError } from './kafka-error.ts';
import type { KafkaMessage } from './prepare.ts';
import { producerFor } from './producers.ts';

/** How long all replicas may take to acknowledge, in ms; shorter than the lease of a delivery. */
const acknowledgeWithinMs = 30_000;

/** Makes one attempt: writes the record and waits until all in-sync replicas have it. */
export async function send(message: KafkaMessage, { signal }: SendContext): Promise<Sent> {
  const patience = new AbortController();
  try {
    const written = producerFor(message).write(message);
    const late = sleep(acknowledgeWithinMs, 'late' as const, {
      signal: AbortSignal.any([signal, patience.signal]),
      ref: false,
    });
    late.catch(() => undefined);
    const outcome = await Promise.race([written, late]);
    if (outcome === 'late') return failed('The brokers did not acknowledge the message within 30 seconds.');
    const place = outcome === undefined ? null : placeOf(outcome);
    return { outcome: 'delivered', statusCode: null, responseExcerpt: place };
  } catch (thrown) {
    if (signal.aborted) return failed('The process stopped before the brokers acknowledged the message.');
    if (!isPermanent(thrown)) return failed(kafkaError(thrown));
    return { outcome: 'rejected', error: kafkaError(thrown), statusCode: null, responseExcerpt: null };
  } finally {
    patience.abort();
  }
}

function failed(error: string): Sent {
  return { outcome: 'failed', error, retryAfterMs: 0, statusCode: null, responseExcerpt: null };
}

function placeOf({ partition, baseOffset }: { partition: number; baseOffset?: string }): string | null {
  return baseOffset === undefined ? null : `partition ${partition}, offset ${baseOffset}`;
}
