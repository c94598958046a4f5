import * as z from 'zod';
import { type Delivery, type DeliveryStatus, deliveryStatuses } from '../../../core/deliveries/delivery.ts';
import { sentMessage } from '../../../core/deliveries/sent-message.ts';
import { deliveryKey, type ItemKey, listedAt, listKey, listKeys } from '../store/keys.ts';
import type { Item } from '../store/table.ts';
import { maxDelayMs } from '../work-queue.ts';

export const storedAttempt = z.object({
  at: z.number(),
  durationMs: z.number(),
  statusCode: z.number().nullable(),
  error: z.string().nullable(),
  responseExcerpt: z.string().nullable(),
  responseHeaders: z.record(z.string(), z.string()).exactOptional(),
  sent: sentMessage.exactOptional(),
});

export const storedDelivery = z.object({
  deliveryId: z.string(),
  runId: z.string(),
  agentName: z.string(),
  connectorId: z.string(),
  status: z.enum(deliveryStatuses),
  /** Absent in deliveries of earlier versions. */
  reason: z.string().nullable().default(null),
  attempts: z.array(storedAttempt),
  attemptsInSchedule: z.number(),
  nextAttemptAt: z.number().nullable(),
  createdAt: z.number(),
  /** Who makes an attempt now, and until when; absent while nobody does. */
  owner: z.string().optional(),
  leaseUntil: z.number().optional(),
});
export type StoredDelivery = z.infer<typeof storedDelivery>;

/** A delivery whose attempt nobody made though its message was sent is sent again after this. */
export const deliveryGraceMs = 120_000;

/** The record of a planned delivery. */
export function deliveryItem(delivery: Delivery, expiresAt: number): Item & ItemKey {
  const { deliveryId, connectorId, createdAt, status, nextAttemptAt } = delivery;
  return {
    ...deliveryKey(deliveryId),
    timeKey: listKey('DELIVERY', deliveryId),
    connectorKey: listKey('DELIVERY', deliveryId, connectorId),
    ...placeOf(deliveryId, status).set,
    listed: listedAt(createdAt, deliveryId),
    ...delivery,
    ...(nextAttemptAt === null ? {} : dueDelivery(nextAttemptAt, createdAt)),
    expiresAt,
  };
}

/**
 * The change that puts a delivery into the list of its state: pending ones are open, delivered ones in none.
 */
export function placeOf(
  deliveryId: string,
  status: DeliveryStatus,
): { readonly set: { readonly stateKey?: string }; readonly remove: readonly string[] } {
  if (status === 'pending') return { set: { stateKey: listKey('OPEN-DELIVERY', deliveryId) }, remove: [] };
  const dueFields = ['dueAt', 'announcements'];
  return status === 'delivered'
    ? { set: {}, remove: ['stateKey', ...dueFields] }
    : { set: { stateKey: listKey('DELIVERY', deliveryId, status) }, remove: dueFields };
}

/** The partitions of the index by state that hold deliveries of a status; delivered ones are in none. */
export function deliveryPartitions(status: Exclude<DeliveryStatus, 'delivered'>): string[] {
  return status === 'pending' ? listKeys('OPEN-DELIVERY') : listKeys('DELIVERY', status);
}

/**
 * The fields by which the reconciler finds a delivery that is to be attempted at `at` (Unix ms): then, where the wait is
 * longer than a message can be, or a while later, in case its message or its attempt got lost.
 */
export function dueDelivery(
  at: number,
  now: number,
): { readonly dueAt: number; readonly announcements: number } {
  const dueAt = hasMessage(at, now) ? at + deliveryGraceMs : at;
  return { dueAt, announcements: 0 };
}

/** Whether a message waits for the attempt at `at`. */
export function hasMessage(at: number, now: number): boolean {
  return at - now <= maxDelayMs;
}

export function deliveryOf(stored: StoredDelivery): Delivery {
  const { owner: _owner, leaseUntil: _leaseUntil, ...delivery } = stored;
  return delivery;
}
