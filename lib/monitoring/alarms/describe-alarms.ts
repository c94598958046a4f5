import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import {
  deploymentDimension,
  metricNames,
  metricNamespace,
} from '../../../src/engines/aws/entry/log-metrics.ts';
import { type ConnectorBinding, deadLettersOf, mappingsOf } from '../../connector-binding.ts';
import type { Functions } from '../../functions/functions.ts';
import type { WorkQueue } from '../../queues/work-queue.ts';
import type { SocketWay } from '../../ways/socket.ts';
import { type AlarmDescription, period } from './alarm-description.ts';
import { functionAlarms } from './function-alarms.ts';
import { oldest, unkeptAlarms } from './queue-alarms.ts';
import { storeAlarms } from './store-alarms.ts';

export interface WatchedSystem {
  /** Distinguishes the metrics of this deployment from those of others. */
  readonly deploymentName: string;
  readonly api: RestApi;
  readonly tableName: string;
  readonly functions: Functions;
  readonly runs: WorkQueue;
  readonly deliveries: WorkQueue;
  readonly ticks: WorkQueue;
  /** Absent if connectors may not have rules. */
  readonly ruleEvents: WorkQueue | undefined;
  /** Absent if connectors may not have connections. */
  readonly sockets: Pick<SocketWay, 'messages' | 'deadLetters'> | undefined;
  readonly lostBatches: IQueue;
  /** What each connector type adds. */
  readonly bindings: readonly ConnectorBinding[];
}

/** Every condition that needs an operator. */
export function describeAlarms(system: WatchedSystem): AlarmDescription[] {
  const { api, tableName, functions, runs, deliveries, ticks, ruleEvents, sockets, lostBatches, bindings } =
    system;
  const own = (metricName: string, service: string) => ownMetric(system, metricName, service);
  return [
    {
      name: 'OldestQueuedRun',
      meaning: 'Runs have been queued for more than ten minutes.',
      metric: oldest(runs.queue),
      threshold: 600,
      periods: 2,
    },
    {
      name: 'OldestDueDelivery',
      meaning: 'Due deliveries have waited for more than ten minutes.',
      metric: oldest(deliveries.queue),
      threshold: 600,
      periods: 2,
    },
    {
      name: 'OldestTick',
      meaning: 'Ticks of schedules have waited for more than five minutes.',
      metric: oldest(ticks.queue),
      threshold: 300,
      periods: 1,
    },
    ...(ruleEvents === undefined ? [] : [oldestEvent(ruleEvents)]),
    ...(sockets === undefined ? [] : [oldestSocketMessage(sockets.messages)]),
    {
      name: 'SourcesNotFollowed',
      meaning: 'Schedules, event sources, or rules of connectors could not be created or updated.',
      metric: own(metricNames.sourcesNotFollowed, 'reconcile'),
      threshold: 1,
      periods: 2,
    },
    {
      name: 'StreamAge',
      meaning: 'Ended runs have waited for more than five minutes for their deliveries to be planned.',
      metric: functions.outbound.metric('IteratorAge', { period, statistic: 'max' }),
      threshold: 300_000,
      periods: 2,
    },
    {
      name: 'FailedDeliveries',
      meaning: 'Deliveries failed permanently: receivers refuse them.',
      metric: own(metricNames.deliveriesFailed, 'deliver'),
      threshold: 1,
      periods: 1,
    },
    {
      name: 'DeadLetters',
      meaning: 'Events failed after all retries and need an operator.',
      metric: own(metricNames.deadLetters, 'dead-letters'),
      threshold: 1,
      periods: 1,
    },
    ...unkeptAlarms({
      Runs: runs.deadLetters,
      Deliveries: deliveries.deadLetters,
      Ticks: ticks.deadLetters,
      Stream: lostBatches,
      ...(ruleEvents === undefined ? {} : { Events: ruleEvents.deadLetters }),
      ...(sockets === undefined ? {} : { Messages: sockets.deadLetters }),
      ...deadLettersOf(bindings),
    }),
    ...mappingAlarms(bindings, functions.mapping),
    {
      name: 'ApiErrors',
      meaning: 'The API responds with 5xx.',
      metric: api.metricServerError({ period, statistic: 'sum' }),
      threshold: 5,
      periods: 1,
    },
    {
      name: 'ReconcilerStopped',
      meaning: 'Stalled work is not resumed: the reconciler has not started for fifteen minutes.',
      metric: functions.reconcile.metricInvocations({ period }),
      threshold: 1,
      periods: 3,
      rings: 'below',
    },
    ...storeAlarms(tableName, functions.reconcile),
    ...functionAlarms(functions),
  ];
}

function oldestEvent({ queue }: WorkQueue): AlarmDescription {
  return {
    name: 'OldestEvent',
    meaning: 'Events of event buses have waited for more than ten minutes.',
    metric: oldest(queue),
    threshold: 600,
    periods: 2,
  };
}

function oldestSocketMessage(queue: IQueue): AlarmDescription {
  return {
    name: 'OldestSocketMessage',
    meaning: 'Messages of connections have waited for more than ten minutes.',
    metric: oldest(queue),
    threshold: 600,
    periods: 2,
  };
}

function mappingAlarms(
  bindings: readonly ConnectorBinding[],
  taker: IFunction | undefined,
): AlarmDescription[] {
  return taker === undefined ? [] : mappingsOf(bindings).flatMap((mapping) => mapping.alarms?.(taker) ?? []);
}

/** A metric that a function writes to its log. */
function ownMetric({ deploymentName }: WatchedSystem, metricName: string, service: string): Metric {
  return new Metric({
    namespace: metricNamespace,
    metricName,
    dimensionsMap: { service, [deploymentDimension]: deploymentName },
    statistic: 'sum',
    period,
  });
}
