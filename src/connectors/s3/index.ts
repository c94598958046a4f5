import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import { awsConnection } from '../aws-connection.ts';
import { inboundMode, keptEvent } from './inbound-mode.ts';
import { modesOnAws } from './on-aws.ts';
import { type BucketEvent, receive } from './receive.ts';

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
  deadLetterCodec: keptEvent,
};
