import { setTimeout as sleep } from 'node:timers/promises';
import { allSecrets } from '../../core/connectors/connector-secrets.ts';
import type { ListenContext, Listening } from '../../core/connectors/listening.ts';
import { awsError } from '../../net/aws-error.ts';
import { countWaiting } from './probe.ts';
import { queueClient } from './queue-client.ts';
import { inboundConfigOf, queueAccess } from './queue-config.ts';
import type { QueueMessage } from './queue-message.ts';
import { type Reading, receiveMessages, takeMessages } from './take-messages.ts';

/** The first and the longest wait after a failure, in ms. */
const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** How many batches may be stored and deleted while the next ones are read. */
const batchesAtATime = 4;
/** How often an empty queue is polled if the wait time is 0, in ms: it then answers immediately. */
const emptyQueueMs = 1_000;
/** Longer than the longest wait for messages, in ms. */
const timeouts = { connectionTimeout: 5_000, requestTimeout: 30_000 };

/** Reads a queue for a connector and resumes after every failure. */
export function listen(context: ListenContext<QueueMessage>): Listening {
  const stopping = new AbortController();
  const { signal } = stopping;
  const secrets = allSecrets(context.secrets);
  const access = queueAccess(context.connector.config, context.secrets.config);
  let reading: Reading | null = null;

  const readOnce = async (onSuccess: () => void) => {
    const client = queueClient(access, context.allowPrivateTargets, timeouts);
    reading = { client, queueUrl: access.url, signal };
    try {
      await readQueue(reading, context, onSuccess);
    } finally {
      reading = null;
      client.destroy();
    }
  };

  const keepReading = async () => {
    let waitMs = firstWaitMs;
    const onSuccess = () => {
      waitMs = firstWaitMs;
      context.report({ status: 'running' });
    };
    while (!signal.aborted) {
      try {
        await readOnce(onSuccess);
      } catch (thrown) {
        if (!signal.aborted) context.report({ status: 'failing', reason: awsError(thrown, secrets) });
      }
      await pause(waitMs, signal);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  };

  const ended = keepReading();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
    backlog: async () =>
      reading === null ? null : { waiting: await countWaiting(reading.client, access.url, signal) },
  };
}

/**
 * Reads until stopped or until something fails.
 *
 * @param onSuccess is called after the first request, which does not wait for messages
 * @throws the error, once all messages read are stored or left in the queue
 */
async function readQueue(
  reading: Reading,
  { connector, take }: ListenContext<QueueMessage>,
  onSuccess: () => void,
): Promise<void> {
  const { max_messages: maxMessages, wait_time, visibility_timeout } = inboundConfigOf(connector.config);
  const options = { maxMessages, visibilitySeconds: visibility_timeout };
  const taking = new Taking(reading.signal);
  try {
    let messages = await receiveMessages(reading, { ...options, waitSeconds: 0 });
    onSuccess();
    while (!reading.signal.aborted) {
      if (messages.length > 0) taking.begin(takeMessages(reading, messages, take));
      else if (wait_time === 0) await pause(emptyQueueMs, reading.signal);
      await taking.room();
      if (reading.signal.aborted) break;
      messages = await receiveMessages(reading, { ...options, waitSeconds: wait_time });
    }
  } finally {
    await taking.end();
  }
}

/** Batches being stored and deleted while the next ones are read. */
class Taking {
  readonly #signal: AbortSignal;
  readonly #batches = new Set<Promise<void>>();
  #failure: { readonly thrown: unknown } | null = null;
  #waitSeconds = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** @param batch resolves with the seconds to wait before the next read */
  begin(batch: Promise<number>): void {
    const ended = batch
      .then((seconds) => {
        this.#waitSeconds = Math.max(this.#waitSeconds, seconds);
      })
      .catch((thrown: unknown) => {
        this.#failure ??= { thrown };
      })
      .finally(() => this.#batches.delete(ended));
    this.#batches.add(ended);
  }

  /** Waits until another batch may begin. @throws the error of a failed batch */
  async room(): Promise<void> {
    if (this.#batches.size >= batchesAtATime) await Promise.race(this.#batches);
    if (this.#failure !== null) throw this.#failure.thrown;
    const seconds = this.#waitSeconds;
    this.#waitSeconds = 0;
    if (seconds > 0) await pause(seconds * 1_000, this.#signal);
  }

  async end(): Promise<void> {
    await Promise.all(this.#batches);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, null, { signal, ref: false }).catch(() => undefined);
}
