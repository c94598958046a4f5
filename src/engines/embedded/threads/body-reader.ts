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

/** Larger bodies are read in the thread. Reading a body of this size takes less than about a millisecond. */
const readHereBytes = 32 * 1024;

interface Asked {
  readonly body: Body;
  readonly answer: PromiseWithResolvers<MultipartRead>;
}

/**
 * Reads bodies: small ones immediately, large ones one at a time in a separate thread, so that large bodies delay only
 * other large bodies. The first large body starts the thread. A body that exceeds the thread's heap is refused. If the
 * thread ends for another reason, its current body rejects with `RetryableError`.
 */
export class BodyReader {
  readonly #heapMegabytes: number;
  readonly #waiting: Asked[] = [];
  #inHand: Asked | null = null;
  #worker: Worker | null = null;
  #stopped = false;

  /** @param heapMegabytes heap for the parsed values of the largest body, in MiB */
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
    // Loaded with the first form that has files: the detection of file kinds is large.
    const { judgeFile } = await import('../../../files/file-kind.ts');
    return readMultipart(bytes, boundary, judgeFile);
  };

  /** Ends the thread. Bodies not read by then reject with `RetryableError`, and so do later large ones. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { answer } of this.#waiting.splice(0)) answer.reject(stopped());
    await this.#worker?.terminate();
  }

  #ask(body: Body): Promise<MultipartRead> {
    if (this.#stopped) return Promise.reject(stopped());
    const answer = Promise.withResolvers<MultipartRead>();
    this.#waiting.push({ body, answer });
    this.#next();
    return answer.promise;
  }

  /** Hands over the next body. One at a time: the others stay here if the thread ends. */
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

  /** Forgets the ended thread; the next large body starts another one. */
  #end(worker: Worker, settle: (answer: PromiseWithResolvers<MultipartRead>) => void): void {
    // A thread reports its end twice, by an error and by its exit; another one may be at work by then.
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#settle(settle);
  }
}

/** Buffers to transfer instead of copy: that of a body with its own memory. */
function memoryOf({ bytes }: Body): ArrayBuffer[] {
  const { buffer } = bytes;
  return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length ? [buffer] : [];
}

function ended(reason: string): RetryableError {
  return new RetryableError(`the thread that reads large bodies ended: ${reason}`);
}

function stopped(): RetryableError {
  return ended('the engine stopped');
}

const tooMuch: RefusedText = {
  outcome: 'refused',
  reason: 'too-large',
  detail: 'The body needs more memory than this system provides for one request.',
};

function isOutOfMemory(error: Error & { readonly code?: string }): boolean {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
