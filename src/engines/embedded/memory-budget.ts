import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** What this process may use, and what it gives to payloads and outputs. In bytes. */
export interface MemoryBudget {
  readonly limitBytes: number;
  /** Who ends a process that uses more. */
  readonly limitOf: 'container' | 'machine';
  /** Bodies of requests, from their arrival until they are answered. */
  readonly bodyBytes: number;
  /** Payloads of queued runs that are executed, payloads of runs that sync callers wait for, and what is delivered. */
  readonly runBytes: number;
  readonly syncBytes: number;
  readonly deliveryBytes: number;
  /** Heap of the thread that reads large bodies, one at a time. In MiB. */
  readonly readerMegabytes: number;
}

/** What a process is allowed to use, as the system and V8 tell it. In bytes. */
export interface MemoryLimits {
  /** Of the control group (Docker, Kubernetes, systemd); 0 or more than the machine has where there is none. */
  readonly container: number;
  readonly machine: number;
  /** Of this thread's heap. */
  readonly heap: number;
}

/**
 * The part of the limits that each of the four kinds of text gets. A text of n bytes takes up to 8 n: as it came, decoded, parsed,
 * copied to the thread of its agent, and there once more. A half of all memory is left to everything else.
 */
const partOfMemory = 32;
/** Two or three of these copies lie on the heap of the main thread. */
const partOfHeap = 16;
/** The thread that reads large bodies may have a quarter of all memory, and never needs more than this for the largest body. */
const mostReaderMegabytes = 2_048;
const partOfReader = 4;
/** Below this nothing works. */
const mebibyte = 1024 * 1024;
const leastBytes = mebibyte;

export function memoryLimits(): MemoryLimits {
  return {
    container: process.constrainedMemory(),
    machine: totalmem(),
    heap: getHeapStatistics().heap_size_limit,
  };
}

/** Derives what payloads may take up at a time from what the process may use. */
export function memoryBudget({ container, machine, heap }: MemoryLimits): MemoryBudget {
  const isLimited = container > 0 && container < machine;
  const limitBytes = isLimited ? container : machine;
  const part = Math.max(leastBytes, Math.floor(Math.min(limitBytes / partOfMemory, heap / partOfHeap)));
  return {
    limitBytes,
    limitOf: isLimited ? 'container' : 'machine',
    bodyBytes: part,
    runBytes: part,
    syncBytes: part,
    deliveryBytes: part,
    readerMegabytes: Math.min(mostReaderMegabytes, Math.ceil(limitBytes / partOfReader / mebibyte)),
  };
}
