import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface ReconcilerProps {
  readonly reconcile: IFunction;
  readonly keepDeadLetters: IFunction;
  readonly deadLetters: readonly IQueue[];
}

/** Makes sure that nothing gets lost: checks for stalled work every minute, and keeps dead letters. */
export class Reconciler extends Construct {
  constructor(scope: Construct, id: string, { reconcile, keepDeadLetters, deadLetters }: ReconcilerProps) {
    super(scope, id);
    new Rule(this, 'EachMinute', {
      description: 'Agent Connectors: starts the reconciler.',
      schedule: Schedule.rate(Duration.minutes(1)),
      // The next minute is the retry.
      targets: [new LambdaFunction(reconcile, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    for (const queue of deadLetters) {
      keepDeadLetters.addEventSource(
        new SqsEventSource(queue, { batchSize: 10, maxConcurrency: 2, reportBatchItemFailures: true }),
      );
    }
  }
}
