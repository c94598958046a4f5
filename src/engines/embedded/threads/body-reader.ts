import { Worker } from 'node:worker_threads';
import { messageOf, RetryableError } from '../../../core/errors.ts';
import { type ReadForm, readForm } from '../../../core/json/read-form.ts';
import { type ReadJson, type RefusedText, readJson } from '../../../core/json/read-json.ts';
import { type ReadText, readText } from '../../../core/json/read-text.ts';
import {
  type MultipartRead,
  type ReadMultipart,
  readMultipart,
} from '../../../core/multipart/read-multipart.ts';
import type { Body } from './body-worker.ts';
import { compiledCode } from './compiled-code.ts';

/** Larger bodies are read in the thread: up to here reading takes less than about a millisecond. */
const readHereBytes = 32 * 1024;

interface Asked {
  readonly body: Body;
  readonly answer: PromiseWithResolvers<MultipartRead>;
}

/**
 * Reads bodies: small ones at once, large ones one after the other in a thread of their own, so that a sender of large
 * bodies holds up nobody but senders of large bodies. The thread starts with the first of them. A body for which its heap
 * is too small is refused alone. Where the thread ends otherwise, the body that it had in hand rejects with
 * `RetryableError`.
 */
export class BodyReader {
  readonly #heapMegabytes: number;
  readonly #waiting: Asked[] = [];
  #inHand: Asked | null = null;
  #worker: Worker | null = null;

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

  readonly readText: ReadText = (bytes, type, charset) => {
    if (bytes.length <= readHereBytes) return readText(bytes, type, charset);
    return this.#ask({ kind: 'text', bytes, charset, type });
  };

  readonly readMultipart: ReadMultipart = async (bytes, boundary) => {
    if (bytes.length > readHereBytes) return this.#ask({ kind: 'multipart', bytes, boundary });
    // Loaded with the first form that has files: what tells their kinds is large.
    const { judgeFile } = await import('../../../files/file-kind.ts');
    return readMultipart(bytes, boundary, judgeFile);
  };

  async stop(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(body: Body): Promise<MultipartRead> {
    const answer = Promise.withResolvers<MultipartRead>();
    this.#waiting.push({ body, answer });
    this.#next();
    return answer.promise;
  }

  /** Hands over the next body. One at a time: the others stay here when the thread ends. */
  #next(): void {
    if (this.#inHand !== null) return;
    const next = this.#waiting.shift();
    if (next === undefined) {
      this.#worker?.unref();
      return;
    }
    this.#inHand = next;
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(next.body, memoryOf(next.body));
  }

  #settle(settle: (answer: PromiseWithResolvers<MultipartRead>) => void): void {
    if (this.#inHand !== null) settle(this.#inHand.answer);
    this.#inHand = null;
    this.#next();
  }

  #start(): Worker {
    const worker = new Worker(new URL('./body-worker.ts', import.meta.url), {
      env: compiledCode(),
      resourceLimits: { maxOldGenerationSizeMb: this.#heapMegabytes },
    });
    worker.on('message', (read: MultipartRead) => this.#settle((answer) => answer.resolve(read)));
    worker.on('error', (error) =>
      this.#end(worker, (answer) => {
        if (isOutOfMemory(error)) answer.resolve(tooMuch);
        else answer.reject(ended(messageOf(error)));
      }),
    );
    worker.on('exit', (exitCode) =>
      this.#end(worker, (answer) => answer.reject(ended(`it exited with code ${exitCode}`))),
    );
    return worker;
  }

  /** The next large body starts another thread. */
  #end(worker: Worker, settle: (answer: PromiseWithResolvers<MultipartRead>) => void): void {
    // It says that it has ended twice, by an error and by its exit: another one may be at work by then.
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#settle(settle);
  }
}

/** What is given away instead of copied: the memory of a body that has its own. */
function memoryOf({ bytes }: Body): ArrayBuffer[] {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length ? [buffer] : [];
}

function ended(reason: string): RetryableError {
  return new RetryableError(`the thread that reads large bodies ended: ${reason}`);
}

const tooMuch: RefusedText = {
  outcome: 'refused',
  reason: 'too-large',
  detail: 'The body needs more memory than this system provides for one request.',
};

function isOutOfMemory(error: Error & { readonly code?: string }): boolean {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
