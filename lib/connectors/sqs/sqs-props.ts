import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** What an operator may choose for SQS at deploy time. */
export interface SqsProps {
  /**
   * ARNs of SQS queues that connectors may read and send to.
   *
   * @default []
   */
  readonly sqsQueueArns?: readonly string[] | undefined;
  /**
   * The same, as queues of your CDK app; with them come the permissions on their keys.
   *
   * @default []
   */
  readonly sqsQueues?: readonly IQueue[] | undefined;
}
