import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface RunnerProps {
  readonly queue: IQueue;
  readonly handler: IFunction;
  /** How many runner functions work at once. */
  readonly concurrency: number;
}

/**
 * Runner functions take one run each: an agent may need the function's whole time and memory, and no run waits behind
 * another of its batch.
 */
export class Runner extends Construct {
  constructor(scope: Construct, id: string, { queue, handler, concurrency }: RunnerProps) {
    super(scope, id);
    handler.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 1,
        maxConcurrency: concurrency,
        reportBatchItemFailures: true,
      }),
    );
  }
}
