/** An action that roles allow although no call of the functions themselves shows it. */
export interface UnusedAction {
  /** Such as `sqs:ReceiveMessage`. */
  readonly action: string;
  /** How the logical ids of the functions start; absent: every function that has it. */
  readonly functions?: readonly string[];
  readonly reason: string;
  /** Some runs of the scenarios show it and some do not: it depends on how long the machine lets things wait. */
  readonly isSeenSometimes?: true;
}

/** A function that nothing in an emulated account calls. */
export interface IdleFunction {
  /** How its logical id starts. */
  readonly name: string;
  readonly reason: string;
}

const poller = 'The event source does it in the name of the function.';
const log = "Lambda's own logging does it in the name of the function.";
const still = 'Only for what has stood still for minutes: src/engines/aws/reconcile.aws.test.ts has it.';
const schedules = 'Only for schedules that were left half done: src/engines/aws/ways/schedule/ has it.';
const topics =
  'Only for Kafka, which the emulator has no event source for: src/engines/aws/ways/mapping/ has it.';
const going = 'Only when the stack goes, after what is recorded.';
const sourceMakers = ['ConnectorsFunctionsApi', 'ConnectorsFunctionsReconcile'];
const reconcile = ['ConnectorsFunctionsReconcile'];
const sync = ['ConnectorsFunctionsWebhookSync'];
const socketMessages = ['ConnectorsFunctionsSocketMessages'];

export const unusedActions: readonly UnusedAction[] = [
  ...['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, reason: log })),
  ...['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl'].map((name) => ({
    action: `sqs:${name}`,
    reason: poller,
  })),
  { action: 'sqs:ChangeMessageVisibility', functions: ['ConnectorsFunctionsDeadLetters'], reason: poller },
  {
    action: 'sqs:ChangeMessageVisibility',
    functions: socketMessages,
    reason: 'Only for messages that are tried again sooner than the queue would.',
    isSeenSometimes: true,
  },
  ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((name) => ({
    action: `dynamodb:${name}`,
    reason: poller,
  })),
  {
    action: 'sqs:SendMessage',
    functions: ['ConnectorsFunctionsOutbound'],
    reason: 'The event source puts batches aside that could not be handled.',
  },
  {
    action: 'sqs:SendMessage',
    functions: sync,
    reason: 'Only for runs that have to wait for their turn.',
    isSeenSometimes: true,
  },
  {
    action: 's3:GetObject',
    functions: sync,
    reason: 'Only for a run that was executed elsewhere: its payload is read.',
    isSeenSometimes: true,
  },
  ...[
    { action: 'sqs:SendMessage', reason: 'Only for runs that have to wait for their turn.' },
    { action: 'dynamodb:DeleteItem', reason: 'Only for runs that waited in a hold or for a place.' },
    { action: 's3:GetObject', reason: 'Only for payloads and results that are too large for a record.' },
    { action: 's3:PutObject', reason: 'Only for payloads and results that are too large for a record.' },
    {
      action: 'secretsmanager:GetSecretValue',
      reason: 'Only for agents with models, and for a secret that was changed a moment ago.',
    },
  ].map((rare) => ({ ...rare, functions: socketMessages, isSeenSometimes: true as const })),
  {
    action: 'execute-api:ManageConnections',
    functions: ['ConnectorsFunctionsDeadLetters'],
    reason:
      'Only for messages of connections that could not be answered: test/aws/sockets.aws.test.ts has it.',
  },
  {
    action: 's3:GetObject',
    functions: ['ConnectorsFunctionsWebhook'],
    reason: 'Only for the result of an earlier run that is too large for a record, even compressed.',
    isSeenSometimes: true,
  },
  {
    action: 'kms:Decrypt',
    functions: ['ConnectorsFunctionsRunner', ...sync, ...socketMessages],
    reason: 'Secrets Manager does it in the name of the function, where the secret has a key of its own.',
  },
  {
    action: 'dynamodb:BatchGetItem',
    functions: ['ConnectorsFunctionsDeliver'],
    reason: 'Only where deliveries wait for a receiver that works again.',
    isSeenSometimes: true,
  },
  {
    action: 'dynamodb:DeleteItem',
    functions: sync,
    reason: 'Only for runs that waited in a hold or for a place.',
    isSeenSometimes: true,
  },
  {
    action: 'dynamodb:BatchGetItem',
    functions: ['ConnectorsFunctionsDeadLetters'],
    reason: 'Only for connectors that subscribe to dead letters.',
    isSeenSometimes: true,
  },
  {
    action: 'dynamodb:Query',
    functions: ['ConnectorsFunctionsDeadLetters'],
    reason: 'Only for connectors that subscribe to dead letters.',
    isSeenSometimes: true,
  },
  {
    action: 'scheduler:ListSchedules',
    functions: ['ConnectorsFunctionsApi'],
    reason: 'Goes with the right to change schedules: the reconciler lists them.',
  },
  ...['BatchGetItem', 'DeleteItem', 'UpdateItem'].map((name) => ({
    action: `dynamodb:${name}`,
    functions: reconcile,
    reason: still,
    isSeenSometimes: true as const,
  })),
  { action: 'sqs:SendMessage', functions: reconcile, reason: still, isSeenSometimes: true },
  {
    action: 's3:GetObject',
    functions: reconcile,
    reason: 'Only for filters over payloads and results that are too large for a record.',
    isSeenSometimes: true,
  },
  {
    action: 'secretsmanager:GetSecretValue',
    functions: reconcile,
    reason: 'Only for connectors whose registration at their provider has failed before, and for Kafka.',
    isSeenSometimes: true,
  },
  ...['CreateSchedule', 'DeleteSchedule', 'UpdateSchedule'].map((name) => ({
    action: `scheduler:${name}`,
    functions: reconcile,
    reason: schedules,
    isSeenSometimes: true as const,
  })),
  { action: 'iam:PassRole', functions: reconcile, reason: schedules, isSeenSometimes: true },
  ...[
    ...['Create', 'Update', 'Delete'].map((verb) => `lambda:${verb}EventSourceMapping`),
    ...['ListEventSourceMappings', 'TagResource', 'CreateAlias', 'DeleteAlias'].map(
      (name) => `lambda:${name}`,
    ),
    ...['CreateSecret', 'PutSecretValue', 'DeleteSecret'].map((name) => `secretsmanager:${name}`),
  ].map((action) => ({ action, functions: sourceMakers, reason: topics })),
  { action: 'lambda:ListAliases', functions: ['ConnectorsFunctionsApi'], reason: topics },
  ...[
    'lambda:DeleteEventSourceMapping',
    'lambda:ListEventSourceMappings',
    'lambda:DeleteAlias',
    'lambda:ListAliases',
    'secretsmanager:DeleteSecret',
  ].map((action) => ({ action, functions: ['ConnectorsFunctionsRemoveSources'], reason: going })),
];

export const idleFunctions: readonly IdleFunction[] = [
  { name: 'ConnectorsFunctionsKafka', reason: topics },
  {
    name: 'ConnectorsFunctionsCron',
    reason: 'The emulated scheduler sends no tick that can be fired (the exception scheduled-time).',
  },
];
