import { exitCodes } from '../cli-failure.ts';

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/** npm forwards a signal that the terminal has already sent to the process: a second one this soon is the same one. */
const sameSignalWithinMs = 500;

/**
 * Resolves on the first SIGINT or SIGTERM. Another one then ends the process immediately.
 *
 * @param onFirst called on the first signal, before anything stops
 */
export function stopSignal(onFirst: () => void): Promise<void> {
  return new Promise((resolve) => {
    let firstAt: number | null = null;
    const receive = () => {
      if (firstAt !== null) {
        if (performance.now() - firstAt > sameSignalWithinMs) process.exit(exitCodes.failed);
        return;
      }
      firstAt = performance.now();
      onFirst();
      resolve();
    };
    for (const signal of stopSignals) process.on(signal, receive);
  });
}
