import type { QueryClient } from '@tanstack/react-query';
import { isHidden } from './page-visibility.ts';
import { rereadAll } from './reread-all.ts';

/** How often the page polls when it gets no events: proxies may block streams. */
const askMs = 5_000;

/** Polls everything shown, while started and visible. */
export function askAgain(queries: QueryClient) {
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    stop: () => clearInterval(timer),
    start() {
      clearInterval(timer);
      timer = setInterval(() => {
        if (!isHidden()) rereadAll(queries);
      }, askMs);
    },
  };
}
