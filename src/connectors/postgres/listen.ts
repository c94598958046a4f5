import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { allSecrets } from '../../core/connectors/connector-secrets.ts';
import type { ListenContext, Listening } from '../../core/connectors/listening.ts';
import { messageOf, RetryableError } from '../../core/errors.ts';
import { inboundConfigOf } from './config.ts';
import { databaseError } from './database-error.ts';
import type { DatabaseEvent, Notification } from './database-event.ts';
import { withSession } from './session.ts';
import { quoted } from './table-facts.ts';

/** The first and the longest wait before reconnecting, in ms. */
const firstWaitMs = 500;
const longestWaitMs = 30_000;
/** How long it takes to notice a server that disappeared silently, in ms. */
const pulseMs = 15_000;

/** Listens to a channel for a connector and reconnects after every failure. Notifications sent in between are lost. */
export function listen(context: ListenContext<DatabaseEvent>): Listening {
  const stopping = new AbortController();
  const { signal } = stopping;
  const ended = keepListening(context, signal);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function keepListening(context: ListenContext<DatabaseEvent>, signal: AbortSignal): Promise<void> {
  const { connector, secrets, allowPrivateTargets, report } = context;
  const config = inboundConfigOf(connector.config);
  const access = { config, password: secrets.config['password'], allowPrivateTargets, signal };
  let waitMs = firstWaitMs;
  while (!signal.aborted) {
    const startedAt = performance.now();
    const reason = await withSession(access, (client) =>
      listenIn(client, context, config.channel ?? '', signal),
    ).then(
      () => 'The database server closed the connection.',
      (thrown: unknown) => databaseError(thrown, allSecrets(secrets)),
    );
    if (signal.aborted) return;
    report({ status: 'failing', reason: `${reason} ${missed}` });
    if (performance.now() - startedAt > longestWaitMs) waitMs = firstWaitMs;
    await sleep(waitMs, null, { signal, ref: false }).catch(() => undefined);
    waitMs = Math.min(waitMs * 2, longestWaitMs);
  }
}

const missed = 'Notifications that are sent while it is not connected are lost.';

/** Takes notifications in order until the connection ends. */
async function listenIn(
  client: Client,
  { take, report }: ListenContext<DatabaseEvent>,
  channel: string,
  signal: AbortSignal,
): Promise<void> {
  const waiting: Notification[] = [];
  const ending = Promise.withResolvers<void>();
  let taking: Promise<void> | null = null;
  const takeAll = async () => {
    while (waiting.length > 0) await takeFirst(waiting, take, signal);
    taking = null;
  };
  client.on('notification', ({ channel: name, processId: pid, payload: text = '' }) => {
    waiting.push({
      kind: 'notification',
      channel: name,
      pid,
      text,
      receivedAt: Date.now(),
      id: randomUUID(),
    });
    taking ??= takeAll().catch((thrown: unknown) => ending.reject(thrown));
  });
  client.once('end', () => ending.resolve());
  await client.query(`LISTEN ${quoted(channel)}`);
  report({ status: 'running' });
  const pulse = setInterval(() => client.query('SELECT 1').catch(ending.reject), pulseMs).unref();
  try {
    await ending.promise;
  } finally {
    clearInterval(pulse);
    // Received notifications are taken even if their connection has ended.
    await taking;
  }
}

/** How many notifications are stored in one write. */
const portionSize = 500;

/**
 * Takes the oldest notifications. If that is impossible now, they wait in memory, because the server sends them only
 * once.
 */
async function takeFirst(
  waiting: Notification[],
  take: ListenContext<DatabaseEvent>['take'],
  signal: AbortSignal,
): Promise<void> {
  const portion = waiting.slice(0, portionSize);
  try {
    await take(portion);
    waiting.splice(0, portion.length);
  } catch (thrown) {
    if (!(thrown instanceof RetryableError)) throw new Error(messageOf(thrown));
    await sleep(thrown.retryAfterSeconds * 1_000, null, { signal, ref: false });
  }
}
