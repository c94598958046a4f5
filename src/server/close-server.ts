import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Interval between checks for idle connections. */
const sweepMs = 25;
/** Time for waiting callers to read their response, in ms: it is small and sent immediately. */
const answerMs = 2_000;

/**
 * Closes a server once its requests are answered and `unfinished` work has ended, or after `drainMs`. Callers still
 * waiting then get the current state of their runs, and remaining connections are terminated.
 *
 * @param letGo makes waiting callers get their response now
 * @param breakOff terminates upgraded connections, which the HTTP server no longer tracks
 */
export async function closeServer(
  server: Server,
  unfinished: ReadonlySet<Promise<void>>,
  drainMs: number,
  letGo: () => void,
  breakOff: () => void,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  await atMost(
    drainMs,
    closed.then(() => Promise.all(unfinished)),
  );
  letGo();
  await atMost(answerMs, closed);
  clearInterval(sweep);
  server.closeAllConnections();
  breakOff();
  await closed;
}

async function atMost(longestMs: number, work: Promise<unknown>): Promise<void> {
  const waiting = new AbortController();
  const longest = sleep(longestMs, undefined, { signal: waiting.signal }).catch(() => undefined);
  await Promise.race([work, longest]);
  waiting.abort();
}
