import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { queueFields } from './queue-config.ts';

const readingFields = {
  visibility_timeout: z.int().min(6).max(43_200).default(300).meta({
    title: 'Visibility timeout',
    description:
      'Seconds after which a message that was read and not deleted appears again. On AWS, the setting of the queue applies.',
  }),
  max_messages: z.int().min(1).max(10).default(10).meta({
    title: 'Messages per request',
    description: 'The most messages that one request reads.',
  }),
  wait_time: z.int().min(0).max(20).default(20).meta({
    title: 'Wait time',
    description: 'Seconds for which a request waits for messages (long polling). On AWS, Lambda decides.',
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
