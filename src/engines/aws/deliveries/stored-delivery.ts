import * as z from 'zod';
import { type Delivery, type DeliveryStatus, deliveryStatuses } from '../../../core/deliveries/delivery.ts';
import { operationalEventTypes } from '../../../core/events/operational-event.ts';
import { jsonObject } from '../../../core/json/json-value.ts';
import { deliveryKey, type ItemKey, listedAt, listKey, listKeys } from '../store/keys.ts';
import { jsonText } from '../store/payload-objects.ts';
import type { Item } from '../store/table.ts';
import { maxDelayMs } from '../work-queue.ts';

const sentMessage = z.object({
  method: z.string().nullable(),
  target: z.string(),
  headers: z.record(z.string(), z.string()),
  bytes: z.number(),
  sha256: z.string(),
});

const operationalEvent = z.object({
  event_id: z.string(),
  type: z.enum(operationalEventTypes),
  occurred_at: z.string(),
  summary: z.string(),
  connector_id: z.string().nullable(),
  agent_name: z.string().nullable(),
  run_id: z.string().nullable(),
  delivery_id: z.string().nullable(),
});

export const storedAttempt = z.object({
  at: z.number(),
  durationMs: z.number(),
  statusCode: z.number().nullable(),
  error: z.string().nullable(),
  responseExcerpt: z.string().nullable(),
  responseHeaders: z.record(z.string(), z.string()).exactOptional(),
  sent: sentMessage.exactOptional(),
  partsSent: z.number().exactOptional(),
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
  event: operationalEvent.exactOptional(),
  /** Absent if it delivers a result or an event. */
  message: jsonText.pipe(jsonObject).exactOptional(),
  /** Who is making an attempt and until when; absent between attempts. */
  owner: z.string().optional(),
  leaseUntil: z.number().optional(),
});
export type StoredDelivery = z.infer<typeof storedDelivery>;

/** Time after which a delivery is sent again if its message was sent but no attempt was made. */
export const deliveryGraceMs = 120_000;

/** The record of a planned delivery. */
export function deliveryItem(delivery: Delivery, expiresAt: number): Item & ItemKey {
  const { deliveryId, connectorId, createdAt, status, nextAttemptAt, message } = delivery;
  return {
    ...deliveryKey(deliveryId),
    timeKey: listKey('DELIVERY', deliveryId),
    connectorKey: listKey('DELIVERY', deliveryId, connectorId),
    ...placeOf(deliveryId, status).set,
    listed: listedAt(createdAt, deliveryId),
    ...delivery,
    ...(message === undefined ? {} : { message: JSON.stringify(message) }),
    ...(nextAttemptAt === null ? {} : dueDelivery(nextAttemptAt, createdAt)),
    expiresAt,
  };
}

/** The change that moves a delivery to the list of its state. Pending ones are open; delivered ones are in no list. */
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

/** The partitions of the index by state with deliveries of a status. Delivered ones are in none. */
export function deliveryPartitions(status: Exclude<DeliveryStatus, 'delivered'>): string[] {
  return status === 'pending' ? listKeys('OPEN-DELIVERY') : listKeys('DELIVERY', status);
}

/**
 * The fields by which the reconciler finds a delivery with an attempt due at `at` (Unix ms). It looks at that time if
 * the wait exceeds a message's maximum delay; otherwise some time later, in case the message or its attempt was lost.
 */
export function dueDelivery(
  at: number,
  now: number,
): { readonly dueAt: number; readonly announcements: number } {
  const dueAt = hasMessage(at, now) ? at + deliveryGraceMs : at;
  return { dueAt, announcements: 0 };
}

/** Whether a message can be delayed until `at`. */
export function hasMessage(at: number, now: number): boolean {
  return at - now <= maxDelayMs;
}

export function deliveryOf(stored: StoredDelivery): Delivery {
  const { owner: _owner, leaseUntil: _leaseUntil, ...delivery } = stored;
  return delivery;
}
