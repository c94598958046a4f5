import { Worker } from 'node:worker_threads';
import { messageOf, RetryableError } from '../../../core/errors.ts';
import { type JsonRead, type ReadJson, readJson } from '../../../core/json/read-json.ts';
import { compiledCode } from './compiled-code.ts';
import type { JsonAnswer, JsonQuestion } from './json-worker.ts';

/** Larger bodies are read in the thread: up to here reading takes less than about a millisecond. */
const readHereBytes = 32 * 1024;
/** Old-generation heap of the thread: room for the values of the largest body. */
const maxHeapMegabytes = 2_048;

/**
 * Reads JSON: small bodies at once, large ones one after the other in a thread of their own, so that a sender of large
 * bodies holds up nobody but senders of large bodies. The thread starts with the first of them.
 */
export class JsonReader {
  readonly #questions = new Map<number, PromiseWithResolvers<JsonRead>>();
  #worker: Worker | null = null;
  #lastId = 0;

  /**
   * @throws RetryableError when the thread ends under the body
   */
  readonly read: ReadJson = (bytes, charset, limits) => {
    if (bytes.length <= readHereBytes) return readJson(bytes, charset, limits);
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<JsonRead>();
    this.#questions.set(id, answer);
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage({ id, bytes, charset, limits } satisfies JsonQuestion);
    return answer.promise;
  };

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./json-worker.ts', import.meta.url), {
      env: compiledCode(),
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMegabytes },
    });
    worker.on('message', ({ id, read }: JsonAnswer) => {
      this.#questions.get(id)?.resolve(read);
      this.#questions.delete(id);
      if (this.#questions.size === 0) worker.unref();
    });
    worker.on('error', (error) => this.#end(worker, messageOf(error)));
    worker.on('exit', (exitCode) => this.#end(worker, `it exited with code ${exitCode}`));
    return worker;
  }

  /** The next large body starts another thread. */
  #end(worker: Worker, reason: string): void {
    // It says that it has ended twice, by an error and by its exit: another one may be at work by then.
    if (worker !== this.#worker) return;
    this.#worker = null;
    for (const { reject } of this.#questions.values()) {
      reject(new RetryableError(`the thread that reads large bodies ended: ${reason}`));
    }
    this.#questions.clear();
  }
}
