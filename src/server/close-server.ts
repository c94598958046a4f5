import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often connections that have become idle are looked for. */
const sweepMs = 25;

/**
 * Closes a server once its requests are answered and `unfinished` work has ended, or after `graceMs`: what is left
 * then is broken off.
 */
export async function closeServer(
  server: Server,
  unfinished: ReadonlySet<Promise<void>>,
  graceMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const waiting = new AbortController();
  const grace = sleep(graceMs, undefined, { signal: waiting.signal }).catch(() => undefined);
  await Promise.race([closed.then(() => Promise.all(unfinished)), grace]);
  waiting.abort();
  clearInterval(sweep);
  server.closeAllConnections();
  await closed;
}
