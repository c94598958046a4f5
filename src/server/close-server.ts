import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often connections that have become idle are looked for. */
const sweepMs = 25;
/** What callers that are let go get to take their answer: it is there at once, and small. */
const answerMs = 2_000;

/**
 * Closes a server once its requests are answered and `unfinished` work has ended, or after `drainMs`: callers that still wait
 * are let go then, and what is left after that is broken off.
 *
 * @param letGo has callers answered with what there is
 * @param breakOff ends connections that speak no HTTP any more, and are none of the server's own therefore
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
