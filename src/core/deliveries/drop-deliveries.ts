import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { deliveryNotFound, type Refusal, refuse } from '../refusal.ts';
import { type Delivery, droppedReason } from './delivery.ts';
import { type ManyFilter, toManyDeliveries } from './many-deliveries.ts';

export type DropOutcome =
  | { readonly outcome: 'cancelled'; readonly delivery: Delivery }
  | Refusal<'delivery-not-found' | 'delivery-not-held'>;

/**
 * Cancels a held delivery. It stays listed, and is sent only if an operator redelivers it.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function dropDelivery(engine: Engine, actor: string, deliveryId: string): Promise<DropOutcome> {
  const dropped = await engine.deliveries.drop(deliveryId, droppedReason);
  if (dropped !== null) {
    await recordAction(engine, actor, 'delivery.dropped', deliveryId);
    return { outcome: 'cancelled', delivery: dropped };
  }
  const delivery = await engine.deliveries.get(deliveryId);
  if (delivery === null) return deliveryNotFound(deliveryId);
  return refuse('delivery-not-held', `Only held deliveries can be dropped; this one is ${delivery.status}.`);
}

/**
 * Drops every held delivery that a filter finds, newest first, up to `maxDeliveriesAtOnce`.
 *
 * @returns how many were dropped, and whether more match
 * @throws RetryableError when the store is unavailable; deliveries dropped before that stay dropped
 */
export async function dropMany(
  engine: Engine,
  actor: string,
  filter: Omit<ManyFilter, 'status'>,
): Promise<{ readonly dropped: number; readonly more: boolean }> {
  const held = { ...filter, status: 'held' } as const;
  const { done, more } = await toManyDeliveries(engine, held, {
    act: async ({ deliveryId }) => (await engine.deliveries.drop(deliveryId, droppedReason)) !== null,
    actor,
    action: 'delivery.dropped-many',
    word: 'Dropped',
  });
  return { dropped: done, more };
}
