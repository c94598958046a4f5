import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { deliveryNotFound, type Refusal, refuse } from '../refusal.ts';
import type { Delivery, Redeliverable } from './delivery.ts';
import { type ManyFilter, toManyDeliveries } from './many-deliveries.ts';

export type RedeliverOutcome =
  | { readonly outcome: 'pending'; readonly delivery: Delivery }
  | Refusal<'delivery-not-found' | 'delivery-pending' | 'connector-deleted' | 'connector-disabled'>;

/**
 * Makes a delivery due now, at the beginning of its retry schedule, if it has ended, is held, or waits for its next
 * attempt.
 *
 * @throws RetryableError when the store is unavailable
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

export type RedeliverFilter = Omit<ManyFilter, 'status'> & {
  readonly status: Redeliverable;
};

/**
 * Redelivers everything that a filter finds, newest first, up to `maxDeliveriesAtOnce`.
 *
 * @returns how many are due now, how many were skipped because their connector cannot deliver them or because they were
 *   already due, and whether more match
 * @throws RetryableError when the store is unavailable; deliveries made pending before that stay pending
 */
export async function redeliverMany(
  engine: Engine,
  actor: string,
  filter: RedeliverFilter,
): Promise<{ readonly redelivered: number; readonly skipped: number; readonly more: boolean }> {
  const { done, skipped, more } = await toManyDeliveries(engine, filter, {
    act: async (delivery) => (await makePending(engine, delivery)).outcome === 'pending',
    actor,
    action: 'delivery.redelivered-many',
    word: 'Redelivered',
  });
  return { redelivered: done, skipped, more };
}

async function makePending(engine: Engine, delivery: Delivery): Promise<RedeliverOutcome> {
  const connector = await engine.connectors.get(delivery.connectorId);
  if (connector === null) return refuse('connector-deleted', 'The connector of this delivery was deleted.');
  if (!connector.enabled) {
    return refuse('connector-disabled', 'The connector of this delivery is disabled. Enable it first.');
  }
  const pending = await engine.deliveries.redeliver(delivery.deliveryId, engine.clock());
  if (pending === null) return refuse('delivery-pending', 'The delivery is already in progress.');
  return { outcome: 'pending', delivery: pending };
}
