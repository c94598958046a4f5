import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import * as z from 'zod';
import { formed } from '../../settings/formed-text.ts';
import { list } from '../../settings/setting-forms.ts';
import type { SqsProps } from './sqs-props.ts';

const isQueue = (given: unknown): given is IQueue =>
  typeof given === 'object' && given !== null && 'queueArn' in given && 'grantConsumeMessages' in given;

/** The settings of SQS; `SqsProps` documents each one. */
export const sqsFields = {
  sqsQueueArns: list
    .pipe(z.array(formed(/^arn:[\w-]+:sqs:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/, 'ARNs of SQS queues')))
    .default([]),
  sqsQueues: z
    .array(z.custom<IQueue>(isQueue, { error: 'expected queues of a CDK app' }), {
      error: 'can be set in CDK code only: use sqsQueueArns',
    })
    .default([]),
} satisfies Readonly<Record<keyof SqsProps, z.ZodType>>;

export type SqsSettings = Readonly<z.output<z.ZodObject<typeof sqsFields>>>;
