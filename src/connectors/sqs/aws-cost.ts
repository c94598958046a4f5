import type { AwsCost } from '../../core/connectors/aws-cost.ts';

/** Lambda polls each queue all month without charge; SQS bills the requests. */
export const sqsCost = {
  part: 'sqs',
  standing: {
    count: 'sqsQueues',
    description: 'SQS queues that connectors read',
    defaultCount: 1,
    pollers: 0,
    polledQueues: 1,
  },
  queueMessages: 1,
  notIncluded: 'KMS keys of your queues',
} as const satisfies AwsCost;
