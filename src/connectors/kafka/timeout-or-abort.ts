/** Ends a wait for brokers. */
export interface TimeoutOrAbort {
  readonly ended: Promise<'late' | 'stopped'>;
  /** Call this when the wait is over. */
  release(): void;
}

/**
 * Resolves at a timeout or an abort, whichever comes first. It uses its own timer and listener because an abort signal
 * creates an error each time, which costs about 20 µs.
 *
 * @param withinMs how long the answer may take, in ms
 * @param signal aborts when the caller stops
 */
export function timeoutOrAbort(withinMs: number, signal: AbortSignal): TimeoutOrAbort {
  const { promise: ended, resolve } = Promise.withResolvers<'late' | 'stopped'>();
  const timer = setTimeout(resolve, withinMs, 'late').unref();
  const stop = () => resolve('stopped');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const release = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  };
  return { ended, release };
}
