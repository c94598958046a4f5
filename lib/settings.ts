import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { fieldProblems } from '../src/core/field-problem.ts';
import { kafkaTopics } from './kafka-topic.ts';

/** Numbers and switches come as text where they are given as context on the command line. */
const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const onOff = z.union([z.boolean(), z.stringbool()]);
const list = z.union([
  z.array(z.string()),
  z.string().transform((text) => text.split(',').map((name) => name.trim())),
]);

/** ARNs of one service. */
const arns = (service: string, what: string) =>
  list.refine((texts) => texts.every((text) => new RegExp(`^arn:[\\w-]+:${service}:.+`).test(text)), {
    message: `expected ARNs of ${what}`,
  });

const logRetentionDays = Object.values(RetentionDays).filter(
  (days): days is number => typeof days === 'number',
);

/** What an operator may choose at deploy time: as properties of the construct, or as context of the app. */
export const settingsSchema = z.strictObject({
  /** Folder of the agent project. */
  project: z.string().min(1).default('./project'),
  /** How long runs, deliveries and their traces are kept. */
  retentionDays: wholeNumber(1, 3650).default(30),
  /** How many runner functions work at once: each executes one run at a time. */
  runnerConcurrency: wholeNumber(2, 1000).default(50),
  /** How many functions deliver at once, ten deliveries each. */
  deliveryConcurrency: wholeNumber(2, 1000).default(20),
  logRetentionDays: z.coerce
    .number()
    .refine((days) => logRetentionDays.includes(days), {
      message: `CloudWatch keeps logs for one of ${logRetentionDays.join(', ')} days`,
    })
    .default(RetentionDays.ONE_MONTH),
  /** Mail address that alarms are sent to. */
  alarmEmail: z.email().optional(),
  /** Model prefixes that agents may use, such as `gemini`; absent allows all. */
  allowedModelProviders: list.optional(),
  /** Features of agent files that are left aside with a warning instead of refused. */
  allowUnsupported: list.default([]),
  /** ARN of a Secrets Manager secret whose JSON has provider keys under their usual names (`GEMINI_API_KEY`, ...). */
  providerKeysSecretArn: z
    .string()
    .regex(
      /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+/,
      'expected the ARN of a Secrets Manager secret',
    )
    .optional(),
  /** Whether the data outlives the stack. */
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  /** Public address of the API where it has a domain of its own, without a trailing slash. */
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .regex(/[^/]$/, 'expected no slash at the end')
    .optional(),
  /** For how many seconds a webhook may not see that its connector was changed; 0 costs one more read a request. */
  connectorCacheSeconds: wholeNumber(0, 60).default(5),
  /** Whether connectors may read Kafka: without it there is no function for it, and no permission. */
  kafka: onOff.default(false),
  /** Clusters of Amazon MSK that connectors may read and write. */
  kafkaClusterArns: arns('kafka', 'an MSK cluster').default([]),
  /** Topics that are read from the deployment on, each with its connector; as JSON on the command line. */
  kafkaTopics: kafkaTopics.default([]),
  /** Where brokers of your own are reached, if not over the Internet. */
  kafkaSubnetIds: list.default([]),
  kafkaSecurityGroupIds: list.default([]),
  /** Lets outbound webhooks call `http://`, loopback and private addresses. */
  allowPrivateTargets: onOff.default(false),
});

/** What settings say together. */
const deployable = settingsSchema.superRefine(({ kafka, kafkaTopics: topics }, context) => {
  if (topics.length === 0 || kafka) return;
  context.addIssue({ code: 'custom', path: ['kafkaTopics'], message: 'needs the setting kafka=true' });
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingsInput = z.input<typeof settingsSchema>;
/** Names of the settings, as they stand in context and properties. */
export const settingNames = Object.keys(settingsSchema.shape);

/**
 * Checks deploy-time settings.
 *
 * @throws Error that names every wrong value with what was expected; nothing has been created then
 */
export function parseSettings(input: unknown): Settings {
  const parsed = deployable.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = fieldProblems(parsed.error.issues).map(({ field, message }) => `${field}: ${message}.`);
  throw new Error(['These settings are not valid:', ...problems].join('\n  '));
}
