import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { metricNames, metricNamespace } from '../src/engines/aws/entry/log-metrics.ts';
import type { Functions } from './functions.ts';
import type { KafkaTrigger } from './triggers/kafka.ts';
import type { WorkQueue } from './work-queue.ts';

/** What alarms watch. */
export interface WatchedSystem {
  readonly api: RestApi;
  readonly functions: Functions;
  readonly runs: WorkQueue;
  readonly deliveries: WorkQueue;
  readonly ticks: WorkQueue;
  readonly lostBatches: IQueue;
  /** Absent where the deployment reads no Kafka. */
  readonly topics: KafkaTrigger | undefined;
}

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
export function describeAlarms({
  api,
  functions,
  runs,
  deliveries,
  ticks,
  lostBatches,
  topics,
}: WatchedSystem): AlarmDescription[] {
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
      name: 'OldestTick',
      meaning: 'Ticks of schedules wait for more than five minutes to be fired.',
      metric: oldest(ticks.queue),
      threshold: 300,
      periods: 1,
    },
    {
      name: 'SourcesNotFollowed',
      meaning: 'Schedules or event sources of connectors could not be made as the connectors say.',
      metric: ownMetric(metricNames.sourcesNotFollowed, 'reconcile'),
      threshold: 1,
      periods: 2,
    },
    {
      name: 'StreamAge',
      meaning: 'Ended runs wait for more than five minutes to be planned for delivery.',
      metric: functions.outbound.metric('IteratorAge', { period, statistic: 'max' }),
      threshold: 300_000,
      periods: 2,
    },
    {
      name: 'FailedDeliveries',
      meaning: 'Deliveries failed for good: their receivers do not take them.',
      metric: ownMetric(metricNames.deliveriesFailed, 'deliver'),
      threshold: 1,
      periods: 1,
    },
    {
      name: 'DeadLetters',
      meaning: 'Something could not be handled and waits for an operator.',
      metric: ownMetric(metricNames.deadLetters, 'dead-letters'),
      threshold: 1,
      periods: 1,
    },
    ...unkeptAlarms({
      Runs: runs.deadLetters,
      Deliveries: deliveries.deadLetters,
      Ticks: ticks.deadLetters,
      Stream: lostBatches,
      ...(topics === undefined ? {} : { Kafka: topics.lostBatches }),
    }),
    ...kafkaAlarms(functions.kafka),
    {
      name: 'ApiErrors',
      meaning: 'The API answers with 5xx.',
      metric: api.metricServerError({ period, statistic: 'sum' }),
      threshold: 5,
      periods: 1,
    },
    ...errorAlarms(functions.byName),
    {
      name: 'Throttles',
      meaning: "Functions are throttled: the account's concurrency is used up.",
      // Without a function's name: of all functions of the account, which share its concurrency.
      metric: new Metric({ namespace: 'AWS/Lambda', metricName: 'Throttles', statistic: 'sum', period }),
      threshold: 10,
      periods: 2,
    },
  ];
}

function kafkaAlarms(reader: IFunction | undefined): AlarmDescription[] {
  if (reader === undefined) return [];
  return [
    {
      name: 'KafkaLag',
      meaning: 'Messages of a topic come faster than they are taken.',
      metric: reader.metric('OffsetLag', { period, statistic: 'max' }),
      threshold: 10_000,
      periods: 3,
    },
  ];
}

function unkeptAlarms(queues: Readonly<Record<string, IQueue>>): AlarmDescription[] {
  return Object.entries(queues).map(([name, queue]) => ({
    name: `UnkeptDeadLetters${name}`,
    meaning: 'Dead letters are not taken out of their queue: operators do not see them.',
    metric: oldest(queue),
    threshold: 900,
    periods: 2,
  }));
}

function errorAlarms(functions: Readonly<Record<string, IFunction>>): AlarmDescription[] {
  return Object.entries(functions).map(([name, handler]) => ({
    name: `Errors${name}`,
    meaning: `The function "${name}" fails, times out or runs out of memory.`,
    metric: handler.metricErrors({ period }),
    threshold: 3,
    periods: 1,
  }));
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
