import { exitCodes } from '../cli-failure.ts';

const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/** npm hands on a signal that the terminal has sent to the process already: what follows so soon is the same one. */
const sameSignalWithinMs = 500;

/**
 * Resolves at the first SIGINT or SIGTERM. From then on one more ends the process at once.
 *
 * @param onFirst called with the first one, before anything is stopped
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
