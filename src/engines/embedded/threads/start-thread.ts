import { Worker } from 'node:worker_threads';
import { messageOf } from '../../../core/errors.ts';
import { compiledCode } from './compiled-code.ts';
import { holderOf } from './thread-holder.ts';
import type { ThreadCode, ThreadReport, ThreadRequest } from './thread-messages.ts';

/** Executes agents' code: a thread of this process, or a separate process. */
export interface AgentHost {
  /** Only a thread sees the shared memory of marks. */
  readonly kind: 'thread' | 'process';
  post(requests: readonly ThreadRequest[]): void;
  /** The id of the attempt whose code is running; `null` if unknown. */
  holder(): Promise<number | null>;
  /** The share of its time that it was busy since the last call, 0 to 1. */
  utilization(): number;
  /** Ends it immediately. */
  terminate(): Promise<unknown>;
}

export interface HostEvents {
  readonly onReports: (reports: readonly ThreadReport[]) => void;
  /** Called when it has ended for any reason, possibly more than once; the first reason is the true one. */
  readonly onEnded: (reason: string) => void;
}

let started = 0;

/** Starts a thread for agents' code. Messages wait until it is ready. */
export function startThread(code: ThreadCode, { onReports, onEnded }: HostEvents): AgentHost {
  const name = `agents-${++started}`;
  const worker = new Worker(new URL('./agent-worker.ts', import.meta.url), {
    name,
    workerData: code,
    env: { ...code.env, ...compiledCode() },
    resourceLimits: { maxOldGenerationSizeMb: code.maxMegabytes },
  });
  let utilization = worker.performance.eventLoopUtilization();
  const stopWatching = watchMemory(worker, code.maxMegabytes, (reason) => {
    onEnded(reason);
    void worker.terminate();
  });
  worker.on('message', onReports);
  worker.on('error', (error) => onEnded(messageOf(error)));
  worker.on('exit', (exitCode) => {
    stopWatching();
    onEnded(`it exited with code ${exitCode}`);
  });
  return {
    kind: 'thread',
    post: (requests) => worker.postMessage(requests),
    holder: () => holderOf(name),
    utilization() {
      const now = worker.performance.eventLoopUtilization();
      const { utilization: part } = worker.performance.eventLoopUtilization(now, utilization);
      utilization = now;
      return part;
    },
    terminate: () => worker.terminate(),
  };
}

/** Interval between checks of a thread's memory, in ms. Buffers fill at a gigabyte a second at most. */
const lookEveryMs = 250;

const bytesPerMegabyte = 1_048_576;

/**
 * Watches the memory of a thread, including buffers: the limit of its heap leaves them out. Skips the check while the
 * whole process uses less than one thread may.
 *
 * @param maxMegabytes of heap and buffers together
 * @param onExceeded called once, with the reason
 * @returns a function that stops watching
 */
function watchMemory(worker: Worker, maxMegabytes: number, onExceeded: (reason: string) => void): () => void {
  const most = maxMegabytes * bytesPerMegabyte;
  const look = async () => {
    if (process.memoryUsage.rss() < most) return;
    const { used_heap_size: heap, external_memory: buffers } = await worker.getHeapStatistics();
    if (heap + buffers <= most) return;
    clearInterval(timer);
    const used = Math.round((heap + buffers) / bytesPerMegabyte);
    onExceeded(`it used ${used} MiB of memory, and ${maxMegabytes} MiB is what a thread may use`);
  };
  // A thread that has just ended cannot answer.
  const timer = setInterval(() => void look().catch(() => undefined), lookEveryMs).unref();
  return () => clearInterval(timer);
}

/** Interval between pings of a thread with work, and the time to answer, in ms. */
const askEveryMs = 250;

/** Tells whether a thread with work still takes messages. */
export class ThreadHeartbeat {
  readonly #ask: () => void;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | null = null;
  #readyAt: bigint | null = null;
  #isAsked = false;
  #silences = 0;
  #silentMs = 0;

  /**
   * @param ask sends the thread a ping
   * @param onSilence called for each missed answer
   */
  constructor(ask: () => void, onSilence: () => void) {
    this.#ask = ask;
    this.#onSilence = onSilence;
  }

  /** When the thread first answered, in ns of `process.hrtime.bigint()`. */
  get readyAt(): bigint | null {
    return this.#readyAt;
  }

  /** Missed answers in a row; 0 for a thread that has never answered, since it is still starting. */
  get silences(): number {
    return this.#silences;
  }

  /** The thread's total silence in ms, without the current one. */
  get silentMs(): number {
    return this.#silentMs;
  }

  /** Call when the thread gets work. */
  follow(): void {
    this.#timer ??= setInterval(() => this.#look(), askEveryMs).unref();
  }

  /** Call for every message from the thread. */
  beat(): void {
    this.#readyAt ??= process.hrtime.bigint();
    this.#isAsked = false;
    this.#silentMs += this.#silences * askEveryMs;
    this.#silences = 0;
  }

  /** Call when the thread has no more work. */
  rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #look(): void {
    if (!this.#isAsked) this.#ask();
    else if (this.#readyAt !== null) {
      this.#silences++;
      this.#onSilence();
    }
    this.#isAsked = true;
  }
}
