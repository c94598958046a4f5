import { QueryClient } from '@tanstack/react-query';
import { ApiFailure } from './request.ts';

/** Answers older than this are read again when a page shows them; between, server-sent events keep them fresh. */
const staleAfterMs = 10_000;
const maxRetries = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    // The page may run beside its server: what the browser thinks of the network says nothing about it.
    queries: { staleTime: staleAfterMs, retry: mayHelp, refetchOnWindowFocus: false, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
});
/** Whether asking again can give another answer: the server did not answer, or not as it should. */
function mayHelp(failures: number, thrown: Error): boolean {
  const isRefusal = thrown instanceof ApiFailure && thrown.status >= 400 && thrown.status < 500;
  return !isRefusal && failures < maxRetries;
}
