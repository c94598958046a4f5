import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { SqsDlq, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { endedRunPattern } from '../../src/engines/aws/runs/ended-run-pattern.ts';
import type { Store } from '../store/store.ts';
import { deadLetterQueue } from './work-queue.ts';

export interface OutboundProps {
  readonly table: Store['table'];
  readonly plan: IFunction;
  readonly deliveries: IQueue;
  readonly deliver: IFunction;
  /** Maximum number of delivering functions at the same time. */
  readonly concurrency: number;
  /** Encrypts the queue of lost batches. */
  readonly encryptionKey: IKey | undefined;
}

/**
 * Leads from the end of a run to its receivers: the table's stream plans deliveries, and a queue makes the attempts. A
 * record that cannot be planned is set aside after its retries, so that it never blocks the stream.
 */
export class Outbound extends Construct {
  /** Receives the coordinates of stream records that could not be handled. */
  readonly lostBatches: Queue;

  constructor(scope: Construct, id: string, props: OutboundProps) {
    super(scope, id);
    const { table, plan, deliveries, deliver, concurrency, encryptionKey } = props;
    this.lostBatches = deadLetterQueue(this, 'LostBatches', encryptionKey);
    allowReading(plan, table);
    new EventSourceMapping(this, 'EndedRuns', {
      target: plan,
      ...(table.tableStreamArn === undefined ? {} : { eventSourceArn: table.tableStreamArn }),
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [FilterCriteria.filter(filterRules(endedRunPattern))],
      batchSize: 100,
      parallelizationFactor: 4,
      bisectBatchOnError: true,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(20),
      reportBatchItemFailures: true,
      onFailure: new SqsDlq(this.lostBatches),
    });
    deliver.addEventSource(
      new SqsEventSource(deliveries, {
        batchSize: 10,
        maxConcurrency: concurrency,
        reportBatchItemFailures: true,
      }),
    );
  }
}

/** What Lambda needs in the function's role to read the stream. Listing streams allows no single resource. */
function allowReading(plan: IFunction, { tableStreamArn }: Store['table']): void {
  const stream = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
  plan.addToRolePolicy(new PolicyStatement({ actions: stream, resources: [tableStreamArn ?? ''] }));
  plan.addToRolePolicy(new PolicyStatement({ actions: ['dynamodb:ListStreams'], resources: ['*'] }));
}

function filterRules(pattern: typeof endedRunPattern): Record<string, unknown> {
  return {
    eventName: FilterRule.or(...pattern.eventName),
    dynamodb: {
      NewImage: {
        sk: { S: FilterRule.isEqual(pattern.sk) },
        status: { S: FilterRule.or(...pattern.status) },
        planned: { BOOL: [pattern.planned] },
      },
    },
  };
}
