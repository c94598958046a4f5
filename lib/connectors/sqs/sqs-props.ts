import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** The deploy-time settings of SQS. */
export interface SqsProps {
  /**
   * ARNs of SQS queues that connectors may read and send to.
   *
   * @default []
   */
  readonly sqsQueueArns?: readonly string[] | undefined;
  /**
   * The same as queues of your CDK app, including permissions on their keys.
   *
   * @default []
   */
  readonly sqsQueues?: readonly IQueue[] | undefined;
}
