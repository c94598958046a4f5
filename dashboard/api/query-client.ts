import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './request.ts';

/** Older answers are read again when a page shows them; until then, server-sent events keep them current. */
const staleAfterMs = 10_000;
const maxRetries = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    // The server may run on this machine, so the browser's network state does not matter.
    queries: { staleTime: staleAfterMs, retry: mayHelp, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});
/** Whether a retry may succeed: the server did not answer, or failed. */
function mayHelp(failures: number, thrown: Error): boolean {
  const isRefusal = thrown instanceof ApiFailure && thrown.status >= 400 && thrown.status < 500;
  return !isRefusal && failures < maxRetries;
}
