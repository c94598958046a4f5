import type { Delivery } from './delivery.ts';
import type { DeliveryQuery } from './ports/delivery-store.ts';
import type { Engine } from './ports/engine.ts';
import { recordAction } from './record-action.ts';
import { deliveryNotFound, type Refusal, refuse } from './refusal.ts';

export type RedeliverOutcome =
  | { readonly outcome: 'pending'; readonly delivery: Delivery }
  | Refusal<'delivery-not-found' | 'delivery-pending' | 'connector-deleted' | 'connector-disabled'>;

/**
 * Makes an ended delivery pending again, at the beginning of its retry schedule.
 *
 * @throws RetryableError when the store is away
 */
export async function redeliver(
  engine: Engine,
  actor: string,
  deliveryId: string,
): Promise<RedeliverOutcome> {
  const delivery = await engine.deliveries.get(deliveryId);
  if (delivery === null) return deliveryNotFound(deliveryId);
  const again = await makePending(engine, delivery);
  if (again.outcome === 'pending') await recordAction(engine, actor, 'delivery.redelivered', deliveryId);
  return again;
}

/** One call's bound: a page of work that answers in time. */
export const maxRedeliveries = 1_000;

export type RedeliverFilter = Pick<DeliveryQuery, 'connectorId' | 'from' | 'to'> & {
  readonly status: 'failed' | 'delivered';
};

/**
 * Redelivers everything that a filter finds, newest first, up to `maxRedeliveries`.
 *
 * @returns how many are pending again, how many were left because their connector cannot take them, and whether
 *   there are more that match
 * @throws RetryableError when the store is away; what was made pending before stays so
 */
export async function redeliverMany(
  engine: Engine,
  actor: string,
  filter: RedeliverFilter,
): Promise<{ readonly redelivered: number; readonly skipped: number; readonly more: boolean }> {
  let redelivered = 0;
  let seen = 0;
  let cursor: string | null = null;
  do {
    const page = await engine.deliveries.list({ ...filter, limit: 100, cursor });
    const outcomes = await Promise.all(page.items.map((delivery) => makePending(engine, delivery)));
    redelivered += outcomes.filter(({ outcome }) => outcome === 'pending').length;
    seen += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null && seen < maxRedeliveries);
  const subject = filter.connectorId ?? 'deliveries';
  await recordAction(
    engine,
    actor,
    'delivery.redelivered-many',
    subject,
    `Redelivered ${redelivered} deliveries.`,
  );
  return { redelivered, skipped: seen - redelivered, more: cursor !== null };
}

async function makePending(engine: Engine, delivery: Delivery): Promise<RedeliverOutcome> {
  const connector = await engine.connectors.get(delivery.connectorId);
  if (connector === null) return refuse('connector-deleted', "The delivery's connector was deleted.");
  if (!connector.enabled) {
    return refuse('connector-disabled', "The delivery's connector is disabled; enable it first.");
  }
  const pending = await engine.deliveries.redeliver(delivery.deliveryId, engine.clock());
  if (pending === null) return refuse('delivery-pending', 'The delivery is pending already.');
  return { outcome: 'pending', delivery: pending };
}
