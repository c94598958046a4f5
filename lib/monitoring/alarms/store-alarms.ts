import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { tableIndexes } from '../../../src/engines/aws/store/keys.ts';
import { type AlarmDescription, period } from './alarm-description.ts';

/** @param pulse a function that runs every minute */
export function storeAlarms(tableName: string, pulse: IFunction): AlarmDescription[] {
  const watched = { threshold: 10, periods: 2 };
  return [
    {
      name: 'TableThrottles',
      meaning:
        'DynamoDB turns writes away: they come faster than the table or one of its indexes takes them.',
      metric: throttledEvents('WriteThrottleEvents', tableName, pulse),
      ...watched,
    },
    {
      name: 'TableReadThrottles',
      meaning: 'DynamoDB rejects reads that exceed the capacity of the table or of an index.',
      metric: throttledEvents('ReadThrottleEvents', tableName, pulse),
      ...watched,
    },
  ];
}

/**
 * Requests that the table and its indexes throttled. The table's metrics do not include those of its indexes (DynamoDB
 * Developer Guide, "DynamoDB metrics and dimensions"), and an alarm takes at most ten metrics (CloudWatch User Guide,
 * "Alarm limits": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html), so reads and
 * writes need one alarm each.
 *
 * DynamoDB reports no data while nothing is throttled, and an alarm keeps its state while its metrics have no data:
 * once on, it would never ring again (CloudWatch API reference, PutMetricAlarm, `TreatMissingData`). Adding a metric
 * that always has a value, multiplied by zero, gives the sum a value in every period.
 */
function throttledEvents(metricName: string, TableName: string, pulse: IFunction): IMetric {
  const refused = (index: Readonly<Record<string, string>> = {}) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName, ...index },
      statistic: 'sum',
      period,
    });
  const indexes = Object.values(tableIndexes).map(({ name }, number): [id: string, metric: IMetric] => [
    `index${number}`,
    refused({ GlobalSecondaryIndexName: name }),
  ]);
  const usingMetrics = {
    table: refused(),
    ...Object.fromEntries(indexes),
    pulse: pulse.metricInvocations({ period }),
  };
  const parts = Object.keys(usingMetrics).map((id) => (id === 'pulse' ? 'pulse * 0' : id));
  return new MathExpression({
    expression: `SUM([${parts.join(', ')}])`,
    label: 'Throttled',
    usingMetrics,
    period,
  });
}
