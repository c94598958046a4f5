import type { DeliveryQuery } from '../ports/delivery-store.ts';
import type { Engine } from '../ports/engine.ts';
import type { Delivery } from './delivery.ts';

/** One call's bound: a page of work that answers in time. */
export const maxDeliveriesAtOnce = 1_000;

export type ManyFilter = Pick<DeliveryQuery, 'connectorId' | 'from' | 'to' | 'status'>;

export interface ManyDone {
  readonly done: number;
  readonly skipped: number;
  /** Whether there are more that match. */
  readonly more: boolean;
}

/**
 * Does something to all deliveries that a filter finds, newest first, up to `maxDeliveriesAtOnce`.
 *
 * @param act says whether it was done
 * @throws RetryableError when the store is away; what was done before stays so
 */
export async function toManyDeliveries(
  engine: Engine,
  filter: ManyFilter,
  act: (delivery: Delivery) => Promise<boolean>,
): Promise<ManyDone> {
  let done = 0;
  let seen = 0;
  let cursor: string | null = null;
  do {
    const page = await engine.deliveries.list({ ...filter, limit: 100, cursor });
    done += (await Promise.all(page.items.map(act))).filter(Boolean).length;
    seen += page.items.length;
    cursor = page.nextCursor;
  } while (cursor !== null && seen < maxDeliveriesAtOnce);
  return { done, skipped: seen - done, more: cursor !== null };
}
