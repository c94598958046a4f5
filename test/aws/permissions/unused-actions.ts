/** Actions that roles allow although no call of the functions themselves shows them, each with the reason. */
export interface UnusedAction {
  /** Such as `sqs:ReceiveMessage`. */
  readonly action: string;
  /** How the logical ids of the functions start; absent: every function that has it. */
  readonly functions?: readonly string[];
  readonly reason: string;
}

const poller = 'The event source does it in the name of the function.';
const log = "Lambda's own logging does it in the name of the function.";

export const unusedActions: readonly UnusedAction[] = [
  { action: 'logs:CreateLogStream', reason: log },
  { action: 'logs:PutLogEvents', reason: log },
  { action: 'sqs:ReceiveMessage', reason: poller },
  { action: 'sqs:DeleteMessage', reason: poller },
  { action: 'sqs:GetQueueAttributes', reason: poller },
  { action: 'sqs:GetQueueUrl', reason: poller },
  { action: 'dynamodb:DescribeStream', reason: poller },
  { action: 'dynamodb:GetRecords', reason: poller },
  { action: 'dynamodb:GetShardIterator', reason: poller },
  { action: 'dynamodb:ListStreams', reason: poller },
];
