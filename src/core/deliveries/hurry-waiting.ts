import type { Connector } from '../connectors/connector.ts';
import type { Engine } from '../ports/engine.ts';
import type { Attempt, Delivery } from './delivery.ts';
import { longestScheduledMs } from './delivery.ts';

/** How many deliveries one success makes due; the next success takes the rest. */
const mostAtOnce = 1_000;

/**
 * Attempts end concurrently, so the one recorded as the first of an outage may not be the first that ended. Shorter
 * than the shortest wait between two attempts, so that no earlier failure counts as part of the outage.
 */
const noteToleranceMs = 2_000;

/** How far back to look for waiting deliveries: the retry schedule takes 28 hours, but redelivering restarts it. */
const listedForMs = 7 * 24 * 3_600_000;

/**
 * Makes a connector's waiting deliveries due once its receiver accepts deliveries again. Two kinds keep their schedule:
 * deliveries that failed only once during the outage, because they may fail for another reason and the successes of
 * others must not use up their attempts; and deliveries whose receiver asked for the wait.
 *
 * @param connector as it was before the success, including `failingSince`
 * @returns `false` if more may be waiting
 * @throws RetryableError when the store is unavailable
 */
export async function hurryWaiting(engine: Engine, { id, failingSince }: Connector): Promise<boolean> {
  if (failingSince === null) return true;
  const now = engine.clock();
  let hurried = 0;
  let cursor: string | null = null;
  do {
    const page = await engine.deliveries.list({
      connectorId: id,
      status: 'pending',
      from: now - listedForMs,
      limit: 100,
      cursor,
    });
    const waiting = page.items.filter((delivery) => waitsForOutage(delivery, failingSince, now));
    const done = await Promise.all(waiting.map(({ deliveryId }) => engine.deliveries.hurry(deliveryId, now)));
    hurried += done.filter(Boolean).length;
    cursor = page.nextCursor;
  } while (cursor !== null && hurried < mostAtOnce);
  if (hurried > 0) engine.log.info('deliveries.hurried', { connector_id: id, count: hurried });
  return cursor === null || hurried === 0;
}

function waitsForOutage(
  { attempts, attemptsInSchedule, nextAttemptAt }: Delivery,
  since: number,
  now: number,
) {
  if (nextAttemptAt === null || nextAttemptAt <= now) return false;
  const last = attempts.at(-1);
  const before = attempts.at(-2);
  if (last === undefined || before === undefined || endOf(before) < since - noteToleranceMs) return false;
  return nextAttemptAt - endOf(last) <= longestScheduledMs(attemptsInSchedule);
}

function endOf({ at, durationMs }: Attempt): number {
  return at + durationMs;
}
