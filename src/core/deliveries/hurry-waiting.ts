import type { Connector } from '../connectors/connector.ts';
import type { Engine } from '../ports/engine.ts';
import type { Attempt, Delivery } from './delivery.ts';
import { longestScheduledMs } from './delivery.ts';

/** Made due after one success; the next success takes the rest. */
const mostAtOnce = 1_000;

/**
 * Attempts end side by side, and the one that is noted as the first of an outage need not be the first that ended. Less
 * than the shortest wait between two attempts, so that no other failure is taken for one of the outage.
 */
const noteToleranceMs = 2_000;

/** How far back to look for waiting deliveries: the retry schedule takes 28 hours, but redelivering restarts it. */
const listedForMs = 7 * 24 * 3_600_000;

/**
 * Makes due what waits for a connector whose receiver takes deliveries again. Left to its schedule is what may have
 * another reason to fail than the outage, so that a delivery that the receiver never takes is not used up by the
 * successes of others: one that has failed only once while nothing else was taken. So is one whose receiver asked for
 * the wait.
 *
 * @param connector as it was before the success, `failingSince` included
 * @returns whether that was all
 * @throws RetryableError when the store is away
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
