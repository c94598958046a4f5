import { type IMetric, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { tableIndexes } from '../../../src/engines/aws/store/table-schema.ts';
import { type AlarmDescription, period } from './alarm-description.ts';

/** @param pulse a function that is called each minute */
export function storeAlarms(tableName: string, pulse: IFunction): AlarmDescription[] {
  return [
    {
      name: 'TableThrottles',
      meaning:
        'DynamoDB turns requests away: they come faster than the table or one of its indexes takes them.',
      metric: throttledEvents(tableName, pulse),
      threshold: 10,
      periods: 2,
    },
  ];
}

/**
 * Reads and writes that the table or an index refused. DynamoDB says nothing while it refuses nothing, and an alarm on its
 * metrics alone stays as it is while they say nothing: once on, it would never ring again (CloudWatch API reference,
 * PutMetricAlarm, `TreatMissingData`). With a metric that always has a value, times nothing, the sum always has one.
 */
function throttledEvents(TableName: string, pulse: IFunction): IMetric {
  const refused = (metricName: string, index: Readonly<Record<string, string>> = {}) =>
    new Metric({
      namespace: 'AWS/DynamoDB',
      metricName,
      dimensionsMap: { TableName, ...index },
      statistic: 'sum',
      period,
    });
  const indexes = Object.values(tableIndexes).map(({ name }, number): [id: string, metric: IMetric] => [
    `index${number}`,
    refused('WriteThrottleEvents', { GlobalSecondaryIndexName: name }),
  ]);
  const usingMetrics = {
    reads: refused('ReadThrottleEvents'),
    writes: refused('WriteThrottleEvents'),
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
