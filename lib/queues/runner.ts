import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface RunnerProps {
  readonly queue: IQueue;
  readonly handler: IFunction;
  /** Maximum number of runner functions at the same time. */
  readonly concurrency: number;
}

/**
 * Each runner function takes one run: an agent may need the function's whole time and memory, and no run waits behind
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
