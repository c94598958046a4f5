import { Worker } from 'node:worker_threads';
import { messageOf, RetryableError } from '../../../core/errors.ts';
import { type ReadForm, readForm } from '../../../core/json/read-form.ts';
import { type JsonRead, type ReadJson, readJson } from '../../../core/json/read-json.ts';
import type { Body, BodyAnswer, BodyQuestion } from './body-worker.ts';
import { compiledCode } from './compiled-code.ts';

/** Larger bodies are read in the thread: up to here reading takes less than about a millisecond. */
const readHereBytes = 32 * 1024;

interface Asked {
  readonly body: Body;
  readonly answer: PromiseWithResolvers<JsonRead>;
}

/**
 * Reads JSON and forms: small bodies at once, large ones one after the other in a thread of their own, so that a sender of
 * large bodies holds up nobody but senders of large bodies. The thread starts with the first of them. A body for which its
 * heap is too small is refused alone. Where the thread ends
 * otherwise, what it had to read rejects with `RetryableError`.
 */
export class BodyReader {
  readonly #heapMegabytes: number;
  /** By the number of the question; the oldest is the one that the thread has in hand. */
  readonly #asked = new Map<number, Asked>();
  #worker: Worker | null = null;
  #lastId = 0;

  /** @param heapMegabytes what the values of the largest body may take up, in MiB */
  constructor(heapMegabytes: number) {
    this.#heapMegabytes = heapMegabytes;
  }

  readonly readJson: ReadJson = (bytes, charset, limits) => {
    if (bytes.length <= readHereBytes) return readJson(bytes, charset, limits);
    return this.#ask({ kind: 'json', bytes, charset, limits });
  };

  readonly readForm: ReadForm = (bytes, charset, reading) => {
    if (bytes.length <= readHereBytes) return readForm(bytes, charset, reading);
    return this.#ask({ kind: 'form', bytes, charset, reading });
  };

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(body: Body): Promise<JsonRead> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<JsonRead>();
    this.#asked.set(id, { body, answer });
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage({ id, body } satisfies BodyQuestion);
    return answer.promise;
  }

  #start(): Worker {
    const worker = new Worker(new URL('./body-worker.ts', import.meta.url), {
      env: compiledCode(),
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMegabytes },
    });
    worker.on('message', ({ id, read }: BodyAnswer) => {
      this.#asked.get(id)?.answer.resolve(read);
      this.#asked.delete(id);
      if (this.#asked.size === 0) worker.unref();
    });
    worker.on('error', (error) => {
      if (worker === this.#worker && isOutOfMemory(error)) this.#refuseOldest();
      this.#end(worker, messageOf(error));
    });
    worker.on('exit', (exitCode) => this.#end(worker, `it exited with code ${exitCode}`));
    return worker;
  }

  /** The body that was too much for the thread: all others are read by the next one. */
  #refuseOldest(): void {
    this.#worker = null;
    const [oldest, ...others] = this.#asked.values();
    this.#asked.clear();
    oldest?.answer.resolve(tooMuch);
    for (const { body, answer } of others) this.#ask(body).then(answer.resolve, answer.reject);
  }

  /** The next large body starts another thread. */
  #end(worker: Worker, reason: string): void {
    // It says that it has ended twice, by an error and by its exit: another one may be at work by then.
    if (worker !== this.#worker) return;
    this.#worker = null;
    for (const { answer } of this.#asked.values()) {
      answer.reject(new RetryableError(`the thread that reads large bodies ended: ${reason}`));
    }
    this.#asked.clear();
  }
}

const tooMuch: JsonRead = {
  outcome: 'refused',
  reason: 'too-large',
  detail: 'The body needs more memory than this system provides for one request.',
};

function isOutOfMemory(error: Error & { readonly code?: string }): boolean {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
