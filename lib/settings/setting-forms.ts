import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { targetRanges } from '../../src/core/connectors/private-targets.ts';
import { formed } from './formed-text.ts';

/** The forms of settings. On the command line, numbers, switches, and lists are text. */

export const wholeNumber = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};

export const onOff = z.union([z.boolean(), z.stringbool()]);

/** Given as a list or as comma-separated text. */
export const list = z.union([
  z.array(z.string()),
  z.string().transform((text) => text.split(',').map((name) => name.trim())),
]);

/** All private targets, none, or those in address ranges. */
export const privateTargets = z.union([onOff, list.pipe(targetRanges)], {
  error: 'expected true, false or address ranges such as 10.0.0.0/8,fd00::/8',
});

/**
 * A structured value, or its JSON on the command line.
 *
 * @param what is expected, in words
 */
export const asJson = <Form extends z.ZodType>(form: Form, what: string) =>
  z.preprocess((given: z.input<Form> | string, context): unknown => {
    if (typeof given !== 'string') return given;
    try {
      return JSON.parse(given);
    } catch {
      context.addIssue({ code: 'custom', message: `expected ${what} as JSON` });
      return z.NEVER;
    }
  }, form);

export const subnets = list
  .pipe(z.array(formed(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/, 'ids of subnets')))
  .default([]);

export const securityGroups = list
  .pipe(z.array(formed(/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/, 'ids of security groups')))
  .default([]);

/** EventBridge, PutRule: `EventBusName`. */
export const eventBuses = list
  .pipe(z.array(formed(/^[\w./-]{1,256}$/, 'names of event buses, such as default')))
  .default([]);

export const domainName = formed(/^([a-z0-9-]+\.)+[a-z]+$/, 'a domain name').optional();

export const secretArn = formed(
  /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+/,
  'the ARN of a Secrets Manager secret',
).optional();

export const tableStreamArn = formed(
  /^arn:[\w-]+:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/.+/,
  'the ARN of the stream of a DynamoDB table, which ends in /stream/ and a time',
).optional();

export const bucketName = formed(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of a bucket').optional();

export const userPoolId = formed(
  /^[a-z]+(-[a-z]+)+-\d_[A-Za-z0-9]+$/,
  'the id of a Cognito user pool, such as eu-west-1_AbCdEf123',
).optional();

export const keyArn = formed(
  /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/.+/,
  'the ARN of a KMS key, and not of an alias',
).optional();

/** @param region part of an ARN, and in words */
export const certificateArn = (region: string, where: string) =>
  formed(
    new RegExp(`^arn:[\\w-]+:acm:${region}:\\d{12}:certificate/.+`),
    `the ARN of a certificate in ${where}`,
  ).optional();

const logRetentionDays = Object.values(RetentionDays).filter(
  (days): days is number => typeof days === 'number',
);
const periods = `CloudWatch keeps logs for one of ${logRetentionDays.join(', ')} days`;

export const logPeriod = z
  .preprocess(Number, z.literal(logRetentionDays, { error: periods }))
  .default(RetentionDays.ONE_MONTH);
