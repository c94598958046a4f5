import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { accessKeyFields, endpointField, regionName, topicArn } from '../aws-account.ts';

export const eventModes = ['Object Created', 'All Events'] as const;

export const inboundFields = z.strictObject({
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'Enter the name of a bucket, such as my-uploads.')
    .meta({ title: 'Bucket', description: 'Name of the bucket; events of other buckets start nothing.' }),
  region: regionName.exactOptional().meta({
    title: 'Region',
    description: 'Region of the bucket. Default: the region that the event names.',
  }),
  event_mode: z.enum(eventModes).default('Object Created').meta({
    title: 'Events',
    description: 'New objects only, or deletions, restores, tags, and all others too.',
  }),
  prefix: z
    .string()
    .min(1)
    .max(1_024)
    .exactOptional()
    .meta({
      title: 'Prefix',
      description: 'Only objects whose keys start with this text.',
      examples: ['invoices/'],
    }),
  suffix: z
    .string()
    .min(1)
    .max(1_024)
    .exactOptional()
    .meta({
      title: 'Suffix',
      description: 'Only objects whose keys end with this text.',
      examples: ['.pdf'],
    }),
  include_content: z.boolean().default(false).meta({
    title: 'Include content',
    description: 'Reads the object and puts its content into the payload. Needs access to the bucket.',
  }),
  max_file_size_mb: z.int().min(1).max(100).default(10).meta({
    title: 'Maximum file size in MB',
    description: 'The content of larger objects is left out.',
  }),
  topic_arn: topicArn.exactOptional().meta({
    title: 'SNS topic',
    description: 'ARN of the topic that is subscribed to the URL. Messages of other topics are refused.',
    examples: ['arn:aws:sns:eu-west-1:123456789012:uploads'],
  }),
  ...accessKeyFields,
  endpoint: endpointField,
});

/** Secret fields are stored separately. */
const storedFields = inboundFields.omit({ secret_access_key: true, session_token: true }).loose();

/** The configuration of an inbound connector. @throws ZodError where it is not valid */
export const inboundConfigOf = parseOnce((config) => storedFields.parse(config));

export type InboundConfig = ReturnType<typeof inboundConfigOf>;
