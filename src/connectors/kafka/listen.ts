import { setTimeout as sleep } from 'node:timers/promises';
import { allSecrets } from '../../core/connectors/connector-secrets.ts';
import type { ListenContext, Listening } from '../../core/connectors/listening.ts';
import { type Consumption, consume } from './consume.ts';
import { kafkaError } from './kafka-error.ts';
import type { KafkaRecord } from './kafka-record.ts';

/** The first and the longest wait before reconnecting, in ms. */
const firstWaitMs = 500;
const longestWaitMs = 30_000;

/** Consumes a topic for a connector and reconnects after every failure. */
export function listen(context: ListenContext<KafkaRecord>): Listening {
  const stopping = new AbortController();
  let current: Consumption | null = null;

  const consumeOnce = async () => {
    const joining = consume(context);
    const joined = await Promise.race([joining, aborted(stopping.signal)]);
    if (joined === undefined) return leaveOnceJoined(joining);
    current = joined;
    try {
      context.report({ status: 'running' });
      await Promise.race([joined.broken, aborted(stopping.signal)]);
    } finally {
      await joined.leave();
      current = null;
    }
  };

  const keepConsuming = async () => {
    let waitMs = firstWaitMs;
    while (!stopping.signal.aborted) {
      const startedAt = performance.now();
      try {
        await consumeOnce();
      } catch (thrown) {
        context.report({ status: 'failing', reason: kafkaError(thrown, allSecrets(context.secrets)) });
      }
      // A connection that lasted a while resets the wait.
      if (performance.now() - startedAt > longestWaitMs) waitMs = firstWaitMs;
      await sleep(waitMs, null, { signal: stopping.signal, ref: false }).catch(() => undefined);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  };

  const ended = keepConsuming();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
    backlog: async () => current?.backlog() ?? null,
  };
}

/** Brokers that do not respond must not delay a stop. */
function leaveOnceJoined(joining: Promise<Consumption>): void {
  joining.then((joined) => joined.leave()).catch(() => undefined);
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
