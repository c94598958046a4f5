import * as z from 'zod';
import { deliveryStatuses, redeliverable } from '../../core/deliveries/delivery.ts';
import { operationalEventTypes } from '../../core/events/operational-event.ts';
import { pageOf, pageQuery } from './page.ts';
import { isoTime, orNull } from './values.ts';

export const deliveryStatus = z.enum(deliveryStatuses).meta({ id: 'DeliveryStatus' });

export const wireAttempt = z
  .object({
    at: isoTime,
    duration_ms: z.int(),
    status_code: z.int().nullable(),
    error: z.string().nullable(),
    response_excerpt: z.string().nullable().meta({ description: 'The first 1,000 characters.' }),
  })
  .meta({ id: 'Attempt' });
export type WireAttempt = z.infer<typeof wireAttempt>;

const headerMap = z.record(z.string(), z.string()).meta({
  description: 'Credentials are `[redacted]`. At most 30, of 300 characters each.',
});

/** What an attempt sent, without the body. */
export const wireSentMessage = z
  .object({
    method: z.string().nullable().meta({ description: '`null` if it is not an HTTP request.' }),
    target: z.string().meta({ description: 'A URL, or the name of a topic or an event bus.' }),
    headers: headerMap,
    body_bytes: z.int(),
  })
  .meta({ id: 'SentMessage' });
export type WireSentMessage = z.infer<typeof wireSentMessage>;

export const wireShownAttempt = wireAttempt
  .extend({
    request: orNull(wireSentMessage).meta({
      description: '`null` if nothing was sent, or it was not recorded.',
    }),
    response_headers: headerMap.nullable(),
  })
  .meta({ id: 'ShownAttempt' });
export type WireShownAttempt = z.infer<typeof wireShownAttempt>;

/** The message of a delivery, recreated from its run and the current settings of its connector. */
export const wireDeliveryMessage = wireSentMessage
  .extend({
    body: z.string().meta({ description: 'At most 100,000 characters.' }),
    body_cut: z.boolean(),
    was_sent: z.boolean().nullable().meta({
      description:
        'Whether the last attempt sent this body to this target. `false` if the connector has changed since, `null` if no attempt was recorded.',
    }),
  })
  .meta({ id: 'DeliveryMessage' });
export type WireDeliveryMessage = z.infer<typeof wireDeliveryMessage>;

/** What receivers get of an operational event. */
const wireOperationalEvent = z
  .object({
    event_id: z.uuid(),
    type: z.enum(operationalEventTypes),
    occurred_at: isoTime,
    summary: z.string(),
    connector_id: z.string().nullable(),
    agent_name: z.string().nullable(),
    run_id: z.string().nullable(),
    delivery_id: z.string().nullable(),
  })
  .meta({ id: 'OperationalEvent' });

/** The result of a run, a message, or an operational event, on its way to one outbound connector. */
export const wireDelivery = z
  .object({
    delivery_id: z.uuid(),
    run_id: z.uuid().nullable().meta({ description: '`null` if it delivers an operational event.' }),
    event: orNull(wireOperationalEvent).meta({
      description:
        'The operational event that it delivers; `null` if it delivers the result or a message of a run.',
    }),
    by_choice: z.boolean().meta({
      description:
        'Whether it delivers a message that the agent has sent during its run, in place of the result.',
    }),
    connector_id: z.string(),
    agent_name: z.string(),
    status: deliveryStatus,
    reason: z.string().nullable().meta({ description: 'Why it is held, or was cancelled.' }),
    attempts: z.array(wireAttempt),
    next_attempt_at: isoTime.nullable(),
    created_at: isoTime,
  })
  .meta({ id: 'Delivery' });
export type WireDelivery = z.infer<typeof wireDelivery>;

/** A delivery with the message that it sends. */
export const wireShownDelivery = wireDelivery
  .extend({
    attempts: z.array(wireShownAttempt),
    message: orNull(wireDeliveryMessage).meta({
      description: '`null` if it can no longer be made, or the connector type does not describe it.',
    }),
  })
  .meta({ id: 'ShownDelivery' });
export type WireShownDelivery = z.infer<typeof wireShownDelivery>;

export const deliveryPage = pageOf(wireDelivery);

export const deliveryListQuery = z.strictObject({
  ...pageQuery,
  status: deliveryStatus.optional(),
  connector: z.string().min(1).optional(),
  run: z.string().min(1).optional(),
  from: isoTime.optional().meta({ description: 'Created at or after this time.' }),
  to: isoTime.optional().meta({ description: 'Created before this time.' }),
});
export type DeliveryListQuery = z.input<typeof deliveryListQuery>;

export const redeliverManyBody = z
  .strictObject({
    connector: z.string().min(1).optional(),
    status: z.enum(redeliverable).default('failed').meta({
      description: '`pending`: attempts deliveries now that wait for their next attempt.',
    }),
    from: isoTime.optional(),
    to: isoTime.optional(),
  })
  .meta({ id: 'RedeliverMany' });
export type RedeliverManyBody = z.input<typeof redeliverManyBody>;

export const redelivered = z
  .object({
    redelivered: z.int().meta({ description: 'Number of deliveries that are pending again.' }),
    skipped: z.int().meta({
      description:
        'Number of deliveries skipped: already in progress, or the connector is disabled or deleted.',
    }),
    more: z.boolean().meta({ description: 'More deliveries match; one call handles at most 1,000.' }),
  })
  .meta({ id: 'Redelivered' });
export type Redelivered = z.infer<typeof redelivered>;

/** Results held for connectors that are or were disabled. */
export const heldDeliveries = z
  .object({
    count: z.int(),
    oldest_created_at: isoTime.nullable().meta({ description: '`null` if none is held.' }),
    more: z.boolean().meta({ description: 'There are more than `count`.' }),
  })
  .meta({ id: 'HeldDeliveries' });
export type WireHeldDeliveries = z.infer<typeof heldDeliveries>;

export const heldDeliveriesQuery = z.strictObject({ connector: z.string().min(1).optional() });
export type HeldDeliveriesQuery = z.input<typeof heldDeliveriesQuery>;

export const dropManyBody = z
  .strictObject({
    connector: z.string().min(1).optional(),
    from: isoTime.optional(),
    to: isoTime.optional(),
  })
  .meta({ id: 'DropMany' });
export type DropManyBody = z.input<typeof dropManyBody>;

export const dropped = z
  .object({
    dropped: z.int().meta({ description: 'Number of cancelled deliveries.' }),
    more: z.boolean().meta({ description: 'More deliveries match; one call handles at most 1,000.' }),
  })
  .meta({ id: 'Dropped' });
export type Dropped = z.infer<typeof dropped>;
