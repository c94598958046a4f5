import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { metricNames, metricNamespace } from '../src/engines/aws/entry/log-metrics.ts';
import type { MonitoringProps } from './monitoring.ts';

/** One alarm: its name is its heading in docs/operating.md. */
export interface AlarmDescription {
  readonly name: string;
  readonly meaning: string;
  readonly metric: IMetric;
  /** Reached or exceeded in each of `periods` periods of five minutes. */
  readonly threshold: number;
  readonly periods: number;
}

const period = Duration.minutes(5);

/** Everything that somebody has to be woken for. */
export function describeAlarms(props: MonitoringProps): AlarmDescription[] {
  const { api, functions } = props;
  const all = Object.entries({
    webhook: functions.webhook,
    webhookSync: functions.webhookSync,
    runner: functions.runner,
    outbound: functions.outbound,
    deliver: functions.deliver,
    reconcile: functions.reconcile,
    deadLetters: functions.deadLetters,
    api: functions.api,
  });
  return [
    ...queueAlarms(props),
    {
      name: 'DeadLetters',
      meaning: 'Something could not be handled and waits for an operator.',
      metric: ownMetric(metricNames.deadLetters, 'dead-letters'),
      threshold: 1,
      periods: 1,
    },
    {
      name: 'FailedDeliveries',
      meaning: 'Deliveries failed for good: their receivers do not take them.',
      metric: ownMetric(metricNames.deliveriesFailed, 'deliver'),
      threshold: 1,
      periods: 1,
    },
    {
      name: 'StreamAge',
      meaning: 'Ended runs wait for more than five minutes to be planned for delivery.',
      metric: functions.outbound.metric('IteratorAge', { period, statistic: 'max' }),
      threshold: 300_000,
      periods: 2,
    },
    {
      name: 'ApiErrors',
      meaning: 'The API answers with 5xx.',
      metric: api.metricServerError({ period, statistic: 'sum' }),
      threshold: 5,
      periods: 1,
    },
    {
      name: 'FunctionErrors',
      meaning: 'Functions fail, time out or run out of memory.',
      metric: sumOf(all, (handler) => handler.metricErrors({ period })),
      threshold: 3,
      periods: 1,
    },
    {
      name: 'FunctionThrottles',
      meaning: "Functions are throttled: the account's concurrency is used up.",
      metric: sumOf(all, (handler) => handler.metricThrottles({ period })),
      threshold: 10,
      periods: 2,
    },
  ];
}

function queueAlarms({ runs, deliveries, lostBatches }: MonitoringProps): AlarmDescription[] {
  return [
    {
      name: 'OldestQueuedRun',
      meaning: 'Runs wait for more than ten minutes.',
      metric: oldest(runs.queue),
      threshold: 600,
      periods: 2,
    },
    {
      name: 'OldestDueDelivery',
      meaning: 'Deliveries that are due wait for more than ten minutes.',
      metric: oldest(deliveries.queue),
      threshold: 600,
      periods: 2,
    },
    {
      name: 'UnkeptDeadLetters',
      meaning: 'Dead letters are not taken out of their queues: operators do not see them.',
      metric: new MathExpression({
        expression: 'MAX([runs, deliveries, batches])',
        usingMetrics: {
          runs: oldest(runs.deadLetters),
          deliveries: oldest(deliveries.deadLetters),
          batches: oldest(lostBatches),
        },
        period,
      }),
      threshold: 900,
      periods: 2,
    },
  ];
}

/** Seconds. */
function oldest(queue: IQueue): Metric {
  return queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'max' });
}

/** A metric that a function writes into its log. */
function ownMetric(metricName: string, service: string): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { service },
    statistic: 'sum',
    period,
  });
}

function sumOf(
  functions: readonly (readonly [string, IFunction])[],
  metricOf: (handler: IFunction) => Metric,
): IMetric {
  return new MathExpression({
    expression: `SUM([${functions.map(([name]) => name).join(', ')}])`,
    usingMetrics: Object.fromEntries(functions.map(([name, handler]) => [name, metricOf(handler)])),
    period,
  });
}
