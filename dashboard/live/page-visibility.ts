let visible = new AbortController();

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') visible.abort();
  else visible = new AbortController();
});

/** Aborts when the page is hidden: its tab in the background, its window minimised, or the screen locked. */
export function whileVisible(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, visible.signal]);
}

export function isHidden(): boolean {
  return document.visibilityState === 'hidden';
}

/** Resolves when the page becomes visible or `signal` aborts. */
export function untilVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      if (isHidden() && !signal.aborted) return;
      document.removeEventListener('visibilitychange', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    document.addEventListener('visibilitychange', done);
    signal.addEventListener('abort', done);
    done();
  });
}
