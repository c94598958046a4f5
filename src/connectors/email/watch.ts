import { setTimeout as sleep } from 'node:timers/promises';
import type { ImapFlow } from 'imapflow';
import type { WatchContext } from '../../core/connectors/ways.ts';
import { inboundConfigOf } from './config.ts';
import { withMailbox } from './mailbox-client.ts';

/** The first and the longest wait before reconnecting, in ms. */
const firstWaitMs = 1_000;
const longestWaitMs = 5 * 60_000;

/**
 * Keeps a connection in IDLE (RFC 2177) and triggers a poll when messages arrive. Servers without IDLE are only polled.
 */
export async function watch(context: WatchContext): Promise<void> {
  const { connector, secrets, allowPrivateTargets, signal, wake } = context;
  const config = inboundConfigOf(connector.config);
  const access = { config, secrets: secrets.config, allowPrivateTargets, signal };
  let waitMs = firstWaitMs;
  while (!signal.aborted) {
    const startedAt = performance.now();
    try {
      const canIdle = await withMailbox(access, true, (client) => idle(client, signal, wake));
      if (!canIdle) return;
    } catch {
      // Polls report the problem.
    }
    if (performance.now() - startedAt > longestWaitMs) waitMs = firstWaitMs;
    await sleep(waitMs, null, { signal, ref: false }).catch(() => undefined);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

/** Waits until the connection ends. @returns whether the server supports IDLE */
async function idle(client: ImapFlow, signal: AbortSignal, wake: () => void): Promise<boolean> {
  if (!client.capabilities.has('IDLE')) return false;
  client.on('exists', ({ count, prevCount }) => {
    if (count > prevCount) wake();
  });
  // Messages may have arrived between the last poll and this connection.
  wake();
  while (client.usable && !signal.aborted) await client.idle();
  return true;
}
