import type { Producer, RecordMetadata } from 'kafkajs';
import { isPermanent } from './kafka-error.ts';
import type { KafkaMessage } from './prepare.ts';

/** Acknowledged by all in-sync replicas. */
const allReplicas = -1;
/** Records and bytes of one request: well below what brokers take by default (1 MB). */
const maxRecords = 500;
const maxBytes = 500_000;

/**
 * Brokers close a connection that rests for ten minutes, and a function instance that is frozen meanwhile does not see
 * it: after this rest, in ms, a new connection is made.
 */
const restMs = 120_000;

interface Waiting {
  readonly message: KafkaMessage;
  readonly resolve: (written: RecordMetadata | undefined) => void;
  readonly reject: (thrown: unknown) => void;
}

/**
 * Writes records in the order in which they come, one request at a time: what comes meanwhile shares the next one. So
 * the order of a key is kept, and many records cost one round trip.
 */
export class ProducerQueue {
  readonly #makeProducer: () => Producer;
  readonly #clock: () => number;
  #producer: Promise<Producer> | null = null;
  #usedAt = 0;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | null = null;

  /** @param clock Unix ms, going on while the process rests */
  constructor(makeProducer: () => Producer, clock: () => number = Date.now) {
    this.#makeProducer = makeProducer;
    this.#clock = clock;
  }

  /**
   * Resolves once all in-sync replicas have the record, with where it was written.
   * @throws KafkaJSError where they do not acknowledge it
   */
  write(message: KafkaMessage): Promise<RecordMetadata | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ message, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Disconnects once nothing waits any more. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#disconnect();
  }

  async #writeAll(): Promise<void> {
    // What is asked for in this tick of the event loop shares the first request.
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
      // A producer that has failed may have lost count of its sequence numbers: the next one starts over.
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
