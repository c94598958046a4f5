import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { limits, visibilityPerTimeout } from './limits.ts';

export interface WorkQueueProps {
  /** Timeout of the function that reads the queue. */
  readonly functionTimeoutSeconds: number;
}

/** How often a message is handed out before it is a dead letter: with the waits between, an outage of over an hour. */
const maxReceives = 10;

/** A queue with its dead letters. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { functionTimeoutSeconds }: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = deadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(functionTimeoutSeconds * visibilityPerTimeout),
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
    });
  }
}

/** A queue of what could not be handled, kept for as long as SQS can: 14 days. */
export function deadLetterQueue(scope: Construct, id: string): Queue {
  return new Queue(scope, id, {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    visibilityTimeout: Duration.seconds(limits.deadLetterSeconds * visibilityPerTimeout),
    retentionPeriod: Duration.days(14),
  });
}
