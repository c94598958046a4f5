import * as z from 'zod';
import { fieldProblems } from '../../src/core/field-problem.ts';
import { defaultMaxDepth } from '../../src/core/runs/run-chain.ts';
import { agentVariables } from '../../src/engines/aws/entry/agent-variables.ts';
import { connectorFields, connectorPairs, connectorProblems } from '../connectors/index.ts';
import type { AgentConnectorsProps } from './agent-connectors-props.ts';
import { formed } from './formed-text.ts';
import {
  asJson,
  bucketName,
  certificateArn,
  domainName,
  eventBuses,
  keyArn,
  list,
  logPeriod,
  onOff,
  privateTargets,
  secretArn,
  securityGroups,
  subnets,
  tableStreamArn,
  userPoolId,
  wholeNumber,
} from './setting-forms.ts';

/** The highest concurrency that a deployment may reserve for one function. */
const reserve = wholeNumber(1, 10_000).optional();

/**
 * The deploy-time settings, as properties of the construct or as context of the app; `AgentConnectorsProps` documents
 * each one.
 */
const fields = z.strictObject({
  project: z.string().min(1).default('./project'),
  retentionDays: wholeNumber(1, 3650).default(30),
  runnerConcurrency: wholeNumber(2, 1000).default(50),
  deliveryConcurrency: wholeNumber(2, 1000).default(20),
  // Lambda's upper bound; the model libraries do not fit below 256 MB.
  agentMemoryMb: wholeNumber(256, 10_240).default(512),
  traceContent: onOff.default(true),
  webhookReservedConcurrency: reserve,
  syncReservedConcurrency: reserve,
  apiReservedConcurrency: reserve,
  throttleRate: wholeNumber(1, 1_000_000).optional(),
  throttleBurst: wholeNumber(1, 1_000_000).optional(),
  wafRateLimit: wholeNumber(10, 2_000_000_000).optional(),
  logRetentionDays: logPeriod,
  apiGatewayLogRole: onOff.default(true),
  xRay: onOff.default(false),
  alarmEmail: z.email().optional(),
  cloudWatchDashboard: onOff.default(false),
  allowedModelProviders: list.optional(),
  allowUnsupported: list.default([]),
  connectorEnvironment: z.string().min(1).optional(),
  connectorSecretsArn: secretArn,
  pricesFile: z.string().min(1).optional(),
  providerKeysSecretArn: secretArn,
  agentEnvironment: asJson(agentVariables, 'variables').default({}),
  agentSecretArn: secretArn,
  removalPolicy: z.enum(['retain', 'destroy']).default('retain'),
  tableDeletionProtection: onOff.default(false),
  tableStreamArn,
  payloadBucketName: bucketName,
  sealingKeySecretArn: secretArn,
  userPoolId,
  encryptionKey: keyArn,
  dashboardAccessLogs: onOff.default(false),
  baseUrl: formed(/^https?:\/\/[^\s?#]*[^/\s?#]$/, 'a URL without a slash at the end').optional(),
  apiDomain: domainName,
  apiCertificateArn: certificateArn('[\\w-]+', 'the region of the deployment'),
  dashboardDomain: domainName,
  // CloudFront accepts no other region.
  dashboardCertificateArn: certificateArn('us-east-1', 'us-east-1'),
  subnetIds: subnets,
  securityGroupIds: securityGroups,
  connectorCacheSeconds: wholeNumber(0, 60).default(5),
  maxDepth: wholeNumber(0, 100).default(defaultMaxDepth),
  eventBuses,
  websocket: onOff.default(false),
  ...connectorFields,
  allowPrivateTargets: privateTargets.default(false),
} satisfies Readonly<Record<keyof AgentConnectorsProps, z.ZodType>>);

/** Settings that must be given together. */
const pairs = [
  ['throttleRate', 'throttleBurst'],
  ['apiDomain', 'apiCertificateArn'],
  ['dashboardDomain', 'dashboardCertificateArn'],
  ['subnetIds', 'securityGroupIds'],
  ...connectorPairs,
] as const;

const checked = fields.superRefine((settings, context) => {
  const isGiven = (name: keyof typeof settings) => (settings[name] ?? []).toString() !== '';
  for (const [one, other] of pairs) {
    if (isGiven(one) === isGiven(other)) continue;
    const path = [isGiven(one) ? other : one];
    context.addIssue({ code: 'custom', path, message: `goes together with ${isGiven(one) ? one : other}` });
  }
  if (settings.tableDeletionProtection && settings.removalPolicy === 'destroy') {
    const message = 'cannot be on with removalPolicy=destroy: the table could not go';
    context.addIssue({ code: 'custom', path: ['tableDeletionProtection'], message });
  }
  if (settings.tableDeletionProtection && settings.tableStreamArn !== undefined) {
    const message = 'is for a table that the deployment makes; protect the one of tableStreamArn yourself';
    context.addIssue({ code: 'custom', path: ['tableDeletionProtection'], message });
  }
  for (const [setting, message] of connectorProblems(settings)) {
    context.addIssue({ code: 'custom', path: [setting], message });
  }
});

/** Derives defaults from other settings. */
const settingsSchema = checked.transform((settings) => {
  const { apiDomain, baseUrl = apiDomain && `https://${apiDomain}` } = settings;
  return { ...settings, baseUrl };
});

export type Settings = z.output<typeof settingsSchema>;
/** Names of the settings, in context and in properties. */
export const settingNames = Object.keys(fields.shape);

/**
 * Checks deploy-time settings.
 *
 * @throws Error that lists every wrong value with what was expected; nothing has been created then
 */
export function parseSettings(input: unknown): Settings {
  const parsed = settingsSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw invalidSettings(settingProblems(input));
}

/** Problems of the settings, one sentence each. */
export function settingProblems(input: unknown): string[] {
  const { error } = settingsSchema.safeParse(input);
  return fieldProblems(error?.issues ?? []).map(({ field, message }) => `${field}: ${message}.`);
}

export function invalidSettings(problems: readonly string[]): Error {
  return new Error(['Invalid settings:', ...problems].join('\n  '));
}
