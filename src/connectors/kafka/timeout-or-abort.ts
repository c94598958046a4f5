/** The end of a wait for brokers. */
export interface TimeoutOrAbort {
  readonly ended: Promise<'late' | 'stopped'>;
  /** To be called when nobody waits any more. */
  release(): void;
}

/**
 * What a caller waits for beside an answer. A timer and a listener of its own, since an abort makes an error each time,
 * which costs some 20 µs.
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
