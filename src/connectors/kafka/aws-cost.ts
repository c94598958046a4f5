import type { AwsCost } from '../../core/connectors/aws-cost.ts';

/**
 * Messages arrive in batches. Pollers run all month, one for all event sources in the same network (Lambda developer
 * guide, "Event poller scaling modes").
 */
export const kafkaCost = {
  part: 'kafka',
  standing: {
    count: 'kafkaNetworks',
    description: 'networks from which connectors read Kafka',
    defaultCount: 1,
    pollers: 1,
    polledQueues: 0,
  },
  queueMessages: 0,
  notIncluded: 'the Kafka cluster',
} as const satisfies AwsCost;
