import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { AllowedTargets } from '../../core/connectors/private-targets.ts';
import type { FieldProblem } from '../../core/field-problem.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import type { AwsService } from '../../net/aws-client-options.ts';
import { targetProblem } from '../../net/target-guard.ts';
import {
  accessKeyFields,
  credentialsOf,
  endpointField,
  endpointProblems,
  regionName,
} from '../aws-account.ts';
import { readQueueUrl } from './queue-url.ts';

/** The queue and its credentials; shared by connectors that read and that write. */
export const queueFields = {
  queue_url: z
    .string()
    .max(2_048)
    .refine((text) => readQueueUrl(text) !== null, {
      error: 'Enter the URL of a queue, such as https://sqs.eu-west-1.amazonaws.com/123456789012/orders.',
    })
    .meta({
      title: 'Queue URL',
      description: 'URL of the queue, as the SQS console shows it.',
      examples: ['https://sqs.eu-west-1.amazonaws.com/123456789012/orders'],
    }),
  region: regionName.exactOptional().meta({
    title: 'Region',
    description: 'Region of the queue. Default: the region in its URL.',
  }),
  ...accessKeyFields,
  endpoint: endpointField,
};

/** A configuration as stored: secret fields are stored separately. */
export const storedQueueFields = z.object({
  queue_url: queueFields.queue_url,
  region: queueFields.region,
  access_key_id: queueFields.access_key_id,
  endpoint: queueFields.endpoint,
});

/** How a client reaches a queue. */
export interface QueueAccess {
  readonly url: string;
  readonly service: AwsService;
}

/** Signs requests to compatible servers, for which any region works. */
const anyRegion = 'us-east-1';

/**
 * How to reach a queue.
 *
 * @param config of a connector of either mode
 * @param secrets values of its secret fields
 * @throws ZodError where the configuration is not valid
 */
export function queueAccess(config: JsonObject, secrets: Readonly<Record<string, string>>): QueueAccess {
  const { queue_url: url, region, access_key_id: accessKeyId, endpoint } = storedQueueFields.parse(config);
  const address = readQueueUrl(url);
  return {
    url,
    service: {
      region: region ?? address?.region ?? anyRegion,
      endpoint: endpoint ?? address?.origin ?? undefined,
      credentials: credentialsOf(accessKeyId, secrets),
    },
  };
}

/** Reports configured servers that the system never connects to. */
export function queueProblems(config: JsonObject, allowed: AllowedTargets): FieldProblem[] {
  const { queue_url: url } = storedQueueFields.parse(config);
  const origin = readQueueUrl(url)?.origin ?? null;
  if (origin === null || config['endpoint'] !== undefined) return endpointProblems(config, allowed);
  const message = targetProblem(origin, allowed.allowPrivateTargets);
  return message === null ? [] : [{ field: 'queue_url', message }];
}

const readingFields = {
  visibility_timeout: z.int().min(6).max(43_200).default(300).meta({
    title: 'Visibility timeout',
    description:
      'Seconds until a message that was read but not deleted becomes visible again. On AWS, the setting of the queue applies.',
  }),
  max_messages: z.int().min(1).max(10).default(10).meta({
    title: 'Messages per request',
    description: 'Maximum number of messages that one request reads.',
  }),
  wait_time: z.int().min(0).max(20).default(20).meta({
    title: 'Wait time',
    description: 'Seconds that a request waits for messages (long polling). On AWS, Lambda decides.',
  }),
};

export const inboundFields = z.strictObject({ ...queueFields, ...readingFields });

const storedFields = z.object({
  queue_url: queueFields.queue_url,
  region: queueFields.region,
  ...readingFields,
});

/** The queue of a connector and how it is read. @throws ZodError where the configuration is not valid */
export const inboundConfigOf = parseOnce((config) => storedFields.parse(config));
