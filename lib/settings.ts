import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { fieldProblems } from '../src/core/field-problem.ts';
import { formed } from './formed-text.ts';
import { kafkaTopics } from './kafka-topic.ts';

/** Numbers and switches come as text where they are given as context on the command line. */
const wholeNumber = (min: number, max: number) => {
  const error = `expected a whole number from ${min} to ${max}`;
  return z.coerce.number({ error }).int({ error }).min(min, { error }).max(max, { error });
};
const onOff = z.union([z.boolean(), z.stringbool()]);
const list = z.union([
  z.array(z.string()),
  z.string().transform((text) => text.split(',').map((name) => name.trim())),
]);

const subnets = list
  .pipe(z.array(formed(/^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/, 'ids of subnets')))
  .default([]);
const securityGroups = list
  .pipe(z.array(formed(/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/, 'ids of security groups')))
  .default([]);

const logRetentionDays = Object.values(RetentionDays).filter(
  (days): days is number => typeof days === 'number',
);

const periods = `CloudWatch keeps logs for one of ${logRetentionDays.join(', ')} days`;

/** What an operator may choose at deploy time: as properties of the construct, or as context of the app. */
const fields = z.strictObject({
  /** Folder of the agent project. */
  project: z.string().min(1).default('./project'),
  /** How long runs, deliveries and their traces are kept. */
  retentionDays: wholeNumber(1, 3650).default(30),
  /** How many runner functions work at once: each executes one run at a time. */
  runnerConcurrency: wholeNumber(2, 1000).default(50),
  /** How many functions deliver at once, ten deliveries each. */
  deliveryConcurrency: wholeNumber(2, 1000).default(20),
  logRetentionDays: z
    .preprocess(Number, z.literal(logRetentionDays, { error: periods }))
    .default(RetentionDays.ONE_MONTH),
  /** Mail address that alarms are sent to. */
  alarmEmail: z.email().optional(),
  /** Model prefixes that agents may use, such as `gemini`; absent allows all. */
  allowedModelProviders: list.optional(),
  /** Features of agent files that are left aside with a warning instead of refused. */
  allowUnsupported: list.default([]),
  /** ARN of a Secrets Manager secret whose JSON has provider keys under their usual names (`GEMINI_API_KEY`, ...). */
  providerKeysSecretArn: formed(
    /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+/,
    'the ARN of a Secrets Manager secret',
  ).optional(),
  /** Whether the data outlives the stack. */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  /** Public address of the API where it has a domain of its own, without a trailing slash. */
  baseUrl: formed(/^https?:\/\/[^\s?#]*[^/\s?#]$/, 'a URL without a slash at the end').optional(),
  /** Name of the operators' own for the dashboard, with its certificate. */
  dashboardDomain: formed(/^([a-z0-9-]+\.)+[a-z]+$/, 'a domain name').optional(),
  /** CloudFront takes certificates of us-east-1 only. */
  dashboardCertificateArn: formed(
    /^arn:[\w-]+:acm:us-east-1:\d{12}:certificate\/.+/,
    'the ARN of a certificate in us-east-1',
  ).optional(),
  /** Subnets of a VPC whose insides agents and connectors reach; with at least one security group. */
  subnetIds: subnets,
  securityGroupIds: securityGroups,
  /** For how many seconds a webhook may not see that its connector was changed; 0 costs one more read a request. */
  connectorCacheSeconds: wholeNumber(0, 60).default(5),
  /** Whether connectors may read Kafka: without it there is no function for it, and no permission. */
  kafka: onOff.default(false),
  /** Clusters of Amazon MSK that connectors may read and write. */
  kafkaClusterArns: list.pipe(z.array(formed(/^arn:[\w-]+:kafka:.+/, 'ARNs of MSK clusters'))).default([]),
  /** Topics that are read from the deployment on, each with its connector; as JSON on the command line. */
  kafkaTopics: kafkaTopics.default([]),
  /** Where brokers of your own are read, if elsewhere than in `subnetIds`: functions then may stay outside of the VPC. */
  kafkaSubnetIds: subnets,
  kafkaSecurityGroupIds: securityGroups,
  /** Lets outbound webhooks call `http://`, loopback and private addresses. */
  allowPrivateTargets: onOff.default(false),
});

/** Settings that mean nothing without each other. */
const pairs = [
  ['dashboardDomain', 'dashboardCertificateArn'],
  ['subnetIds', 'securityGroupIds'],
  ['kafkaSubnetIds', 'kafkaSecurityGroupIds'],
] as const;

const checked = fields.superRefine((settings, context) => {
  const isGiven = (name: keyof typeof settings) => (settings[name] ?? []).toString() !== '';
  for (const [one, other] of pairs) {
    if (isGiven(one) === isGiven(other)) continue;
    const path = [isGiven(one) ? other : one];
    context.addIssue({ code: 'custom', path, message: `goes together with ${isGiven(one) ? one : other}` });
  }
  if (settings.kafkaTopics.length > 0 && !settings.kafka) {
    context.addIssue({ code: 'custom', path: ['kafkaTopics'], message: 'needs the setting kafka=true' });
  }
});

/** Brokers are read from where connectors reach others' systems, unless a place for that is named. */
const settingsSchema = checked.transform((settings) => {
  if (settings.kafkaSubnetIds.length > 0) return settings;
  const { subnetIds: kafkaSubnetIds, securityGroupIds: kafkaSecurityGroupIds } = settings;
  return { ...settings, kafkaSubnetIds, kafkaSecurityGroupIds };
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingsInput = z.input<typeof settingsSchema>;
/** Names of the settings, as they stand in context and properties. */
export const settingNames = Object.keys(fields.shape);

/**
 * Checks deploy-time settings.
 *
 * @throws Error that names every wrong value with what was expected; nothing has been created then
 */
export function parseSettings(input: unknown): Settings {
  const parsed = settingsSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidSettings(settingProblems(input));
}

/** What is wrong with settings, a sentence each. */
export function settingProblems(input: unknown): string[] {
  const { error } = settingsSchema.safeParse(input);
  return fieldProblems(error?.issues ?? []).map(({ field, message }) => `${field}: ${message}.`);
}

export function invalidSettings(problems: readonly string[]): Error {
  return new Error(['These settings are not valid:', ...problems].join('\n  '));
}
