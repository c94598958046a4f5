import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';

const inboundFields = z.strictObject({
  signing_secret: z
    .string()
    .max(256)
    .regex(/^whsec_\S+$/, 'A Stripe signing secret begins with "whsec_".')
    .meta({
      title: 'Signing secret',
      description: 'Signing secret of the event destination in Stripe.',
      secret: true,
    }),
  event_types: z
    .array(
      z.string().regex(/^([a-z0-9_]+\.)*([a-z0-9_]+|\*)$/, 'Enter an event type, such as "invoice.paid".'),
    )
    .default([])
    .meta({
      title: 'Event types',
      description:
        'Which events start runs, such as "invoice.paid" or "customer.*". Empty: all. Others are acknowledged and start nothing.',
      examples: [['checkout.session.completed', 'invoice.*']],
    }),
});

export const inboundConfig = inboundFields;

const storedFields = inboundFields.omit({ signing_secret: true }).loose();

/** @throws ZodError where the stored configuration is not valid */
export const inboundConfigOf = parseOnce((config) => storedFields.parse(config));
