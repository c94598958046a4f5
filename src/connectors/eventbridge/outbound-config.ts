import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { accessKeyFields, checkAccessKey, regionName } from '../aws-account.ts';
import type { BusEvent } from './bus-event.ts';

const outboundFields = z.strictObject({
  event_bus: z
    .string()
    .max(1_600)
    .regex(
      /^(arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/)?[\w./-]+$/,
      'Give the name or the ARN of an event bus.',
    )
    .default('default')
    .meta({ title: 'Event bus', description: 'Name or ARN of the event bus that gets the results.' }),
  source: z
    .string()
    .min(1)
    .max(256)
    .refine((source) => !source.startsWith('aws.'), {
      error: 'AWS keeps sources that begin with "aws." for itself.',
    })
    .default('agent-connectors')
    .meta({ title: 'Source', description: 'The "source" of each event.' }),
  detail_type: z
    .string()
    .min(1)
    .max(128)
    .default('Agent Run Ended')
    .meta({ title: 'Detail type', description: 'The "detail-type" of each event.' }),
  region: regionName.exactOptional().meta({
    title: 'Region',
    description: 'Of the event bus. Without one: the region of the process.',
  }),
  ...accessKeyFields,
  ...outboundFilterFields,
});

/** Secret fields are stored separately. */
const storedFields = outboundFields.omit({ secret_access_key: true, session_token: true }).loose();

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export function outboundConfigOf({ config }: Pick<Connector, 'config'>): z.infer<typeof storedFields> {
  return parsed(config);
}

const parsed = parseOnce((config) => storedFields.parse(config));

export const outboundMode: ModeDescription<BusEvent> = {
  summary: 'Sends every ended run to an event bus.',
  config: outboundFields.superRefine(checkAccessKey),
  ways: {},
  samples: [
    { title: 'Results to the default bus', config: {} },
    {
      title: "Failures to another account's bus",
      config: {
        event_bus: 'arn:aws:events:eu-west-1:123456789012:event-bus/agents',
        source: 'shop.agents',
        detail_type: 'agent.failed',
        region: 'eu-west-1',
        access_key_id: 'AKIAIOSFODNN7EXAMPLE',
        secret_access_key: 'a secret access key',
        statuses: ['failed'],
      },
    },
  ],
};
