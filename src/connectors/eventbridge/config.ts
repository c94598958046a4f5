import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import { accessKeyFields, checkAccessKey, regionName } from '../aws-account.ts';
import type { BusEvent } from './bus-event.ts';
import { PatternProblem, readPattern } from './event-pattern.ts';

/** EventBridge's default limit for patterns, in characters (user guide, "Quotas"). AWS can raise it. */
const maxPatternCharacters = 2_048;

const pattern = jsonObject
  .superRefine((given, context) => {
    const { length } = JSON.stringify(given);
    if (length > maxPatternCharacters) {
      const message = `has ${length} characters; EventBridge takes ${maxPatternCharacters}.`;
      context.addIssue({ code: 'custom', message });
    }
    const problem = problemOf(given);
    if (problem !== null) {
      context.addIssue({ code: 'custom', path: [...problem.place], message: `${problem.message}.` });
    }
  })
  .default({ source: [{ prefix: '' }] });

/** As for EventBridge's PutRule: a name, not the ARN of another account's bus. */
export const busName = z
  .string()
  .max(256)
  .regex(/^[\w./-]+$/, 'Enter the name of an event bus, such as "default".');

const inboundFields = z.strictObject({
  pattern: pattern.meta({
    title: 'Event pattern',
    description:
      'Which events start runs, as an EventBridge event pattern: {"source": ["aws.ec2"]}. The default is all events.',
    examples: [{ source: ['aws.ec2'], detail: { state: ['stopped'] } }],
  }),
  event_bus: busName.exactOptional().meta({
    title: 'Event bus',
    description:
      'On AWS: the event bus of this account and region on which the connector gets a rule. Without one, send events to the URL of the connector.',
  }),
});

export const inboundConfig = inboundFields;

/** For deployments that cannot create rules: refuses a bus, which would deliver nothing. */
export const inboundConfigWithoutRules = inboundFields.superRefine(({ event_bus: bus }, context) => {
  if (bus === undefined) return;
  const message =
    'This deployment creates no rules: deploy it with the setting eventBuses, or leave the field empty and send events to the URL.';
  context.addIssue({ code: 'custom', path: ['event_bus'], message });
});

function problemOf(given: JsonObject): PatternProblem | null {
  try {
    readPattern(given);
    return null;
  } catch (thrown) {
    if (thrown instanceof PatternProblem) return thrown;
    throw thrown;
  }
}

/** The configuration of an inbound connector, with its pattern parsed. @throws ZodError where it is not valid */
export const inboundConfigOf = parseOnce((config) => {
  const { pattern: given, event_bus: bus } = inboundFields.parse(config);
  return { given, pattern: readPattern(given), bus };
});

const outboundFields = z.strictObject({
  event_bus: z
    .string()
    .max(1_600)
    .regex(
      /^(arn:[\w-]+:events:[\w-]+:\d{12}:event-bus\/)?[\w./-]+$/,
      'Enter the name or the ARN of an event bus.',
    )
    .default('default')
    .meta({ title: 'Event bus', description: 'Name or ARN of the event bus that receives the results.' }),
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
    description: 'Region of the event bus. Default: the region of the process.',
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
