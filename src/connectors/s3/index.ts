import * as z from 'zod';
import type {
  ConnectorType,
  DeployedWays,
  ModeDescription,
  Modes,
} from '../../core/connectors/connector-type.ts';
import type { RequestWay, RuleWay } from '../../core/connectors/ways.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { checkAccessKey, endpointProblems } from '../aws-account.ts';
import { awsConnection } from '../aws-connection.ts';
import { inboundConfigOf, inboundFields } from './inbound-config.ts';
import { type BucketEvent, receive, receiveRequest } from './receive.ts';
import { sampleRequest } from './sample-request.ts';
import { patternOf } from './wanted-event.ts';

const request: RequestWay = {
  suffix: '',
  receive: receiveRequest,
  // A connector without a topic, whose secret no sender knows.
  decoy: () => inboundFields.parse({ bucket: 'a-bucket' }),
};

/** S3 sends its events only to the default bus (S3 user guide, "Enabling Amazon EventBridge"). */
const rule: RuleWay<BucketEvent> = {
  rule: (config) => ({ bus: 'default', pattern: patternOf(inboundConfigOf(config)) }),
  event: (text) => ({ text }),
};

/** Converts an event to and from its dead letter. */
const deadLetterCodec = {
  write: ({ text }: BucketEvent): JsonObject => ({ text }),
  read: (kept: JsonObject): BucketEvent => z.object({ text: z.string() }).parse(kept),
};

const instructions = `
In a deployment on AWS with \`default\` in the setting \`eventBuses\`, the connector creates its own rule: you only turn on **Amazon EventBridge** in the bucket's properties. Otherwise, choose one of these ways.

**With SNS**

1. Create a *standard* topic in **SNS**, in the region of the bucket, whose access policy lets \`s3.amazonaws.com\` publish. Enter its ARN in the field *SNS topic* of the connector.
2. In the properties of the bucket, create an **event notification** for the topic.
3. Create a **subscription** for the topic: protocol *HTTPS*, endpoint \`{{url}}\`, without raw message delivery. The connector confirms it.

**With EventBridge**

1. Turn on **Amazon EventBridge** in the properties of the bucket.
2. Create a **connection** in EventBridge: authorization type *API key*, name \`X-Connic-Secret\`, value \`{{secret}}\`.
3. Create an **API destination**: endpoint \`{{url}}\`, method *POST*, with this connection.
4. Create a **rule** on the default bus for S3 events, with the API destination as its target. Send the matched event, without an input transformer.
`;

const inboundMode: ModeDescription<BucketEvent> = {
  summary: 'Runs agents for new objects of a bucket.',
  config: inboundFields.superRefine(checkAccessKey),
  problems: endpointProblems,
  makeSecret: (entropy) => `s3sec_${Buffer.from(entropy(32)).toString('hex')}`,
  ways: { request, rule },
  probe: async (config, context) => (await import('./probe.ts')).probe(config, context),
  instructions,
  sampleRequest,
  samples: [
    { title: 'New objects', config: { bucket: 'my-uploads' } },
    {
      title: 'New PDF files in a folder, with their content',
      config: {
        bucket: 'my-uploads',
        region: 'eu-west-1',
        prefix: 'invoices/',
        suffix: '.pdf',
        include_content: true,
        access_key_id: 'AKIAIOSFODNN7EXAMPLE',
        secret_access_key: 'a secret access key',
      },
    },
    {
      title: 'All events, by a topic of SNS',
      config: {
        bucket: 'my-uploads',
        event_mode: 'All Events',
        topic_arn: 'arn:aws:sns:eu-west-1:123456789012:uploads',
      },
    },
  ],
};

/** The modes of a deployment. Without rules, events arrive only at the URL. */
function modesOnAws(deployed: DeployedWays): Modes<BucketEvent> {
  const { request } = inboundMode.ways;
  if (deployed.has('rule') || request === undefined) return { inbound: inboundMode };
  return { inbound: { ...inboundMode, ways: { request } } };
}

/** Receives events from Amazon S3 buckets. */
export const s3: ConnectorType<BucketEvent> = {
  name: 's3',
  title: 'S3',
  summary: 'Run agents for new objects of an Amazon S3 bucket.',
  category: 'storage',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><ellipse cx="12" cy="6" rx="7.5" ry="2.5"/><path d="M4.5 6 6.4 18.4c.2 1.2 2.7 2.1 5.6 2.1s5.4-.9 5.6-2.1L19.5 6"/><path d="M9 12.5h6"/></g>',
  connection: awsConnection,
  modes: { inbound: inboundMode },
  onAws: modesOnAws,
  receive,
  deadLetterCodec,
};
