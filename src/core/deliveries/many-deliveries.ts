import { recordAction } from '../operators/record-action.ts';
import type { DeliveryQuery } from '../ports/delivery-store.ts';
import type { Engine } from '../ports/engine.ts';
import type { Delivery } from './delivery.ts';

/** The limit of one call, so that it answers in time. */
export const maxDeliveriesAtOnce = 1_000;

export type ManyFilter = Pick<DeliveryQuery, 'connectorId' | 'from' | 'to' | 'status'>;

/** What to do to each delivery, and how the audit log describes it. */
export interface ManyAction {
  /** @returns whether it was done */
  readonly act: (delivery: Delivery) => Promise<boolean>;
  readonly actor: string;
  readonly action: string;
  /** What was done, in one capitalized word: "Dropped". */
  readonly word: string;
}

export interface ManyDone {
  readonly done: number;
  readonly skipped: number;
  /** Whether more deliveries match. */
  readonly more: boolean;
}

/**
 * Applies `act` to the deliveries that a filter finds, newest first, up to `maxDeliveriesAtOnce`; records one action.
 *
 * @throws RetryableError when the store is unavailable; what was done before that stays
 */
export async function toManyDeliveries(
  engine: Engine,
  filter: ManyFilter,
  { act, actor, action, word }: ManyAction,
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
  const subject = filter.connectorId ?? 'deliveries';
  await recordAction(engine, actor, action, subject, `${word} ${done} deliveries.`);
  return { done, skipped: seen - done, more: cursor !== null };
}
