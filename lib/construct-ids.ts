/**
 * Construct ids of the ways in. They predate the ways and must not change: they determine the logical ids, and
 * CloudFormation replaces a resource whose logical id changes (`test/stack/resources.golden.txt`).
 */
export const wayIds = {
  request: 'WebhookTrigger',
  schedule: 'CronTrigger',
  rule: 'RuleTrigger',
  socket: 'SocketTrigger',
} as const;

/** The functions behind the ways in: their construct ids, and their files in `lambdas/`. */
export const wayFunctions = {
  request: { id: 'Webhook', entry: 'webhook' },
  requestSync: { id: 'WebhookSync', entry: 'webhook-sync' },
  schedule: { id: 'Cron', entry: 'cron' },
  mapping: { id: 'Kafka', entry: 'kafka' },
  rule: { id: 'RuleEvents', entry: 'rule-events' },
  socket: { id: 'Sockets', entry: 'sockets' },
  socketMessages: { id: 'SocketMessages', entry: 'socket-messages' },
} as const;
