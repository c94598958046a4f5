import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../../../core/deliveries/delivery.ts';
import { messageOf, PermanentError } from '../../../core/errors.ts';
import type { ConnectorStore } from '../../../core/ports/connector-store.ts';
import type { DeliveryStore } from '../../../core/ports/delivery-store.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { PageRequest } from '../../../core/ports/page.ts';
import type { ChangeEvent, ChangesSince, RunSignals } from '../../../core/ports/run-signals.ts';
import type { RunStore } from '../../../core/ports/run-store.ts';
import { hasEnded, type Run } from '../../../core/runs/run.ts';
import { completeRun, findRun, type RunRecords } from './run-records.ts';
import { isAnnouncedNow, messageDelay } from './scheduled-runs.ts';

/** A caller waits, so the first checks come soon. After that, most runs take as long as a model does. */
const endPausesMs = [100, 150, 250, 400, 700, 1_000];

/** Maximum time until an operator's cancellation reaches the executor. */
const cancelPauseMs = 3_000;

/** Delay of changes on a page. Each check reads the newest of three lists, so checking more often costs more. */
const askPauseMs = 5_000;

/**
 * Signals between functions that share only the table: a waiting function polls the record. Queue messages announce
 * runs.
 */
export function runSignals(records: RunRecords, stores: WatchedStores, log: Log): RunSignals {
  return {
    onCancel(runId, listener) {
      const watching = new AbortController();
      void watchCancel(records, runId, listener, watching.signal, log);
      return () => watching.abort();
    },
    whenEnded: (runId, signal) => whenEnded(records, runId, signal),
    whenDelivered: (deliveryId, signal) => whenDelivered(stores.deliveries, deliveryId, signal),
    async announceQueued(runs) {
      const now = records.clock();
      const soon = runs.filter(({ scheduledAt }) => scheduledAt === null || isAnnouncedNow(scheduledAt, now));
      await records.queue.send(
        soon.map(({ runId, agentName, scheduledAt }) => ({
          id: runId,
          group: agentName,
          ...(scheduledAt === null ? {} : { delayMs: messageDelay(scheduledAt, now) }),
        })),
      );
    },
    changes: { kind: 'asked', pauseMs: askPauseMs, since: (place) => changesSince(stores, place) },
  };
}

async function whenEnded(records: RunRecords, runId: string, signal: AbortSignal): Promise<Run> {
  for (let look = 0; ; look++) {
    const found = await findRun(records, runId);
    if (found === null) throw new PermanentError('run-not-found', `There is no run "${runId}".`);
    if (hasEnded(found.status) || signal.aborted) return completeRun(records, found);
    await pause(endPausesMs[look] ?? endPausesMs.at(-1) ?? 0, signal);
  }
}

async function whenDelivered(
  deliveries: WatchedStores['deliveries'],
  deliveryId: string,
  signal: AbortSignal,
): Promise<Delivery> {
  for (let look = 0; ; look++) {
    const found = await deliveries.get(deliveryId);
    if (found === null) {
      throw new PermanentError('delivery-not-found', `There is no delivery "${deliveryId}".`);
    }
    if (found.status !== 'pending' || signal.aborted) return found;
    await pause(endPausesMs[look] ?? endPausesMs.at(-1) ?? 0, signal);
  }
}

async function watchCancel(
  records: RunRecords,
  runId: string,
  listener: () => void,
  signal: AbortSignal,
  log: Log,
): Promise<void> {
  while (await pause(cancelPauseMs, signal)) {
    try {
      const run = await findRun(records, runId);
      if (signal.aborted || run === null || hasEnded(run.status)) return;
      if (run.cancelRequested) return listener();
    } catch (thrown) {
      log.warn('cancellation.not-read', { run_id: runId, reason: messageOf(thrown) });
    }
  }
}

/** Waits; `false` if `signal` cut the wait short. */
async function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/** The stores that are checked for changes. */
interface WatchedStores {
  readonly runs: Pick<RunStore, 'list'>;
  readonly deliveries: Pick<DeliveryStore, 'list' | 'get'>;
  readonly connectors: Pick<ConnectorStore, 'list'>;
}

/** The newest of each list, about what a page shows. */
const newest: PageRequest = { limit: 50, cursor: null };

/**
 * What changed among the newest 50 runs, deliveries, and connectors since `place`. `place` holds a digest of each
 * state, so the caller keeps the memory and the function stays stateless. Intermediate states are skipped.
 *
 * @param place of an earlier answer; `null` for the first. An unreadable one counts as none.
 */
async function changesSince(stores: WatchedStores, place: string | null): Promise<ChangesSince> {
  const states = (await look(stores)).map((event) => ({ event, digest: digestOf(event) }));
  const seen = place === null ? null : digestsIn(place);
  return {
    events: states.filter(({ digest }) => seen !== null && !seen.has(digest)).map(({ event }) => event),
    place: placeOf(states.map(({ digest }) => digest)),
  };
}

/** The newest of each list, oldest first, so that events come in chronological order. */
async function look(stores: WatchedStores): Promise<ChangeEvent[]> {
  const [runs, deliveries, connectors] = await Promise.all([
    stores.runs.list(newest),
    stores.deliveries.list(newest),
    stores.connectors.list(newest),
  ]);
  const found: ChangeEvent[] = [
    ...runs.items.map((run) => ({ type: 'run.updated' as const, run })),
    ...deliveries.items.map((delivery) => ({ type: 'delivery.updated' as const, delivery })),
    ...connectors.items.map((connector) => ({ type: 'connector.updated' as const, connector })),
  ];
  return found.reverse();
}

/** Base64 characters of a digest. With 36 bits, fewer than one change in 400 million looks like a known state. */
const digestLength = 6;

const placePattern = new RegExp(`^v1\\.((?:[\\w-]{${digestLength}})*)$`);

function digestOf(event: ChangeEvent): string {
  return hash('sha256', JSON.stringify(event), 'base64url').slice(0, digestLength);
}

/** At most 903 characters. */
function placeOf(digests: readonly string[]): string {
  return `v1.${digests.join('')}`;
}

function digestsIn(place: string): ReadonlySet<string> | null {
  const digests = placePattern.exec(place)?.[1];
  return digests === undefined ? null : new Set(digests.match(new RegExp(`.{${digestLength}}`, 'g')));
}
