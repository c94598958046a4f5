/**
 * Names of what each way in has in the stack. They are older than the ways, and stay: logical ids come from them, and
 * CloudFormation replaces a resource with another id (`test/stack/resources.golden.txt`).
 */
export const wayIds = { request: 'WebhookTrigger', schedule: 'CronTrigger', rule: 'RuleTrigger' } as const;

/** The functions behind the ways in: their construct ids, and the files in `lambdas/`. */
export const wayFunctions = {
  request: { id: 'Webhook', entry: 'webhook' },
  requestSync: { id: 'WebhookSync', entry: 'webhook-sync' },
  schedule: { id: 'Cron', entry: 'cron' },
  mapping: { id: 'Kafka', entry: 'kafka' },
  rule: { id: 'RuleEvents', entry: 'rule-events' },
} as const;
