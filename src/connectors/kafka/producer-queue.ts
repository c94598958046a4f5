import type { Producer, RecordMetadata } from 'kafkajs';
import { isPermanent } from './kafka-error.ts';
import type { KafkaMessage } from './prepare.ts';

/** All in-sync replicas must acknowledge. */
const allReplicas = -1;
/** Limits of one request, well below the brokers' default of 1 MB. */
const maxRecords = 500;
const maxBytes = 500_000;

/**
 * Idle time, in ms, after which a new connection is made. Brokers close connections that are idle for ten minutes,
 * which a frozen function instance does not notice.
 */
const restMs = 120_000;

interface Waiting {
  readonly message: KafkaMessage;
  readonly resolve: (written: RecordMetadata | undefined) => void;
  readonly reject: (thrown: unknown) => void;
}

/**
 * Writes records in order of arrival, one request at a time. Records that arrive during a request share the next one.
 * This preserves the order per key, and many records cost one round trip.
 */
export class ProducerQueue {
  readonly #makeProducer: () => Producer;
  readonly #clock: () => number;
  #producer: Promise<Producer> | null = null;
  #usedAt = 0;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;

  /** @param clock Unix ms, advancing while the process is suspended */
  constructor(makeProducer: () => Producer, clock: () => number = Date.now) {
    this.#makeProducer = makeProducer;
    this.#clock = clock;
  }

  /**
   * Resolves with the record's location once all in-sync replicas have it.
   * @throws KafkaJSError where they do not acknowledge it
   */
  write(message: KafkaMessage): Promise<RecordMetadata | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Disconnects once the queue is empty. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#disconnect();
  }

  async #writeAll(): Promise<void> {
    // Writes from this turn of the event loop share the first request.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#writeTogether(this.#nextPortion());
    this.#writing = null;
  }

  #nextPortion(): Waiting[] {
    let bytes = 0;
    let count = 0;
    for (const { message } of this.#waiting) {
      bytes += message.value.length + message.key.byteLength;
      if (count === maxRecords || (count > 0 && bytes > maxBytes)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #writeTogether(portion: readonly Waiting[]): Promise<void> {
    try {
      const producer = await this.#connected();
      const topicMessages = portion.map(({ message: { topic, key, value, headers } }) => ({
        topic,
        messages: [{ key: Buffer.from(key), value, headers }],
      }));
      const written = await producer.sendBatch({ topicMessages, acks: allReplicas });
      const only = portion.length === 1 ? written[0] : undefined;
      for (const { resolve } of portion) resolve(only);
    } catch (thrown) {
      // A failed producer may have lost count of its sequence numbers, so the next one starts over.
      await this.#disconnect();
      if (portion.length > 1 && isPermanent(thrown)) {
        for (const one of portion) await this.#writeTogether([one]);
      } else {
        for (const { reject } of portion) reject(thrown);
      }
    }
  }

  async #connected(): Promise<Producer> {
    if (this.#clock() - this.#usedAt > restMs) await this.#disconnect();
    this.#usedAt = this.#clock();
    this.#producer ??= this.#connect();
    return this.#producer;
  }

  async #connect(): Promise<Producer> {
    const producer = this.#makeProducer();
    await producer.connect();
    return producer;
  }

  async #disconnect(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    await producer?.then((connected) => connected.disconnect()).catch(() => undefined);
  }
}
