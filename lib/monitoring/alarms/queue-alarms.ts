import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { type AlarmDescription, period } from './alarm-description.ts';

/** Age of the oldest message of a queue, in seconds. */
export function oldest(queue: IQueue): Metric {
  return queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'max' });
}

/** @param queues dead-letter queues, by the suffix of their alarms' names */
export function unkeptAlarms(queues: Readonly<Record<string, IQueue>>): AlarmDescription[] {
  return Object.entries(queues).map(([name, queue]) => ({
    name: `UnkeptDeadLetters${name}`,
    meaning: 'Dead letters were not moved from their queue to the table, so operators do not see them.',
    metric: oldest(queue),
    threshold: 900,
    periods: 2,
  }));
}
