import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';

/** The memory that this process may use, and the shares for payloads and outputs. In bytes. */
export interface MemoryBudget {
  readonly limitBytes: number;
  /** Enforces `limitBytes`: ends a process that uses more. */
  readonly limitOf: 'container' | 'machine';
  /** Request bodies, from their arrival until the response. */
  readonly bodyBytes: number;
  /** This and the next two: payloads of executing queued runs, of runs that sync callers wait for, of deliveries. */
  readonly runBytes: number;
  readonly syncBytes: number;
  readonly deliveryBytes: number;
  /** Heap of the thread that reads large bodies, one at a time. In MiB. */
  readonly readerMegabytes: number;
}

/** The limits that the system and V8 report. In bytes. */
export interface MemoryLimits {
  /** Of the control group (Docker, Kubernetes, systemd); 0 or more than `machine` if there is none. */
  readonly container: number;
  readonly machine: number;
  /** Of this thread's heap. */
  readonly heap: number;
}

/**
 * Each of the four shares is this fraction of the limit. A text of n bytes takes up to 8 n: received, decoded, parsed,
 * copied to its agent's thread, and parsed again there. Half of all memory stays free for everything else.
 */
const partOfMemory = 32;
/** Two or three of these copies are on the main thread's heap. */
const partOfHeap = 16;
/** Upper bound for the thread that reads large bodies, enough for any body; below it, a quarter of all memory. */
const mostReaderMegabytes = 2_048;
const partOfReader = 4;
/** The smallest share that works. */
const mebibyte = 1024 * 1024;
const leastBytes = mebibyte;

export function memoryLimits(): MemoryLimits {
  return {
    container: process.constrainedMemory(),
    machine: totalmem(),
    heap: getHeapStatistics().heap_size_limit,
  };
}

/** Derives the memory shares from the limits of the process. */
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
