import type { QueryClient } from '@tanstack/react-query';
import { isHidden } from './page-visibility.ts';
import { rereadAll } from './reread-all.ts';

/** How often the page asks where no events come: what stands between may not let streams through. */
const askMs = 5_000;

/** Refetches everything that is shown, repeatedly, while it is told to and somebody sees the page. */
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
