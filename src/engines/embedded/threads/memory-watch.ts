import type { Worker } from 'node:worker_threads';

/** How often it is looked how much memory a thread uses, in ms: buffers are filled at a gigabyte a second at most. */
const lookEveryMs = 250;

const bytesPerMegabyte = 1_048_576;

/**
 * Watches what a thread uses beside its heap, too: the heap's own limit leaves buffers out. Nobody looks while the whole
 * process uses less than one thread may.
 *
 * @param maxMegabytes of heap and buffers together
 * @param onExceeded called once, with what happened
 * @returns stops watching
 */
export function watchMemory(
  worker: Worker,
  maxMegabytes: number,
  onExceeded: (reason: string) => void,
): () => void {
  const most = maxMegabytes * bytesPerMegabyte;
  const look = async () => {
    if (process.memoryUsage.rss() < most) return;
    const { used_heap_size: heap, external_memory: buffers } = await worker.getHeapStatistics();
    if (heap + buffers <= most) return;
    clearInterval(timer);
    const used = Math.round((heap + buffers) / bytesPerMegabyte);
    onExceeded(`it used ${used} MiB of memory, and ${maxMegabytes} MiB is what a thread may use`);
  };
  // A thread that has just ended cannot be asked.
  const timer = setInterval(() => void look().catch(() => undefined), lookEveryMs).unref();
  return () => clearInterval(timer);
}
