import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits, visibilityPerTimeout } from '../limits.ts';

export interface WorkQueueProps {
  /** Timeout of the function that reads the queue. */
  readonly functionTimeoutSeconds: number;
  /** Absent for a key managed by SQS. */
  readonly encryptionKey: IKey | undefined;
}

/**
 * How often SQS delivers a message before it becomes a dead letter. With the waits in between, this bridges an outage
 * of over an hour.
 */
const maxReceives = 10;

/** A queue and its dead-letter queue. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { functionTimeoutSeconds, encryptionKey }: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', encryptionKey);
    this.queue = new Queue(this, 'Queue', {
      ...encryptionOf(encryptionKey),
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(functionTimeoutSeconds * visibilityPerTimeout),
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
  }
}

/** A queue for messages that could not be handled, kept for SQS's maximum of 14 days. */
export function deadLetterQueue(
  scope: Construct,
  id: string,
  encryptionKey: IKey | undefined,
  kind: Pick<QueueProps, 'fifo'> = {},
): Queue {
  return new Queue(scope, id, {
    ...kind,
    ...encryptionOf(encryptionKey),
    enforceSSL: true,
    visibilityTimeout: Duration.seconds(limits.deadLetterSeconds * visibilityPerTimeout),
    retentionPeriod: Duration.days(14),
  });
}

/** Encryption with the given key, or with one that SQS manages. */
export function encryptionOf(encryptionMasterKey: IKey | undefined) {
  if (encryptionMasterKey === undefined) return { encryption: QueueEncryption.SQS_MANAGED };
  return { encryption: QueueEncryption.KMS, encryptionMasterKey };
}
