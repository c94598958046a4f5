let visible = new AbortController();

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') visible.abort();
  else visible = new AbortController();
});

/** Aborts when nobody sees the page any more: its tab is behind another, its window minimised, its screen locked. */
export function whileVisible(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, visible.signal]);
}

/** Whether nobody sees the page. */
export function isHidden(): boolean {
  return document.visibilityState === 'hidden';
}

/** Resolves when somebody sees the page, or when `signal` aborts. */
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
