import * as z from 'zod';
import type { AllowedTargets } from '../core/connectors/private-targets.ts';
import type { FieldProblem } from '../core/field-problem.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import { targetProblem } from '../net/target-guard.ts';

export const regionName = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'Enter an AWS region, such as eu-west-1.');

export const topicArn = z
  .string()
  .regex(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/, 'Enter the ARN of an SNS topic.');

/** Authenticates a connector to AWS; shared by all types that use an AWS service. */
export const accessKeyFields = {
  access_key_id: z
    .string()
    .regex(/^\w{16,128}$/, 'Enter the ID of an access key.')
    .exactOptional()
    .meta({
      title: 'Access key ID',
      description: 'Used with the secret access key. Leave both empty to use the credentials of the process.',
    }),
  secret_access_key: z.string().min(1).max(256).exactOptional().meta({
    title: 'Secret access key',
    description: 'AWS shows it once, when the access key is created.',
    secret: true,
  }),
  session_token: z.string().min(1).max(4_096).exactOptional().meta({
    title: 'Session token',
    description: 'For temporary credentials only.',
    secret: true,
  }),
};

/** For servers that speak the protocol of an AWS service. */
export const endpointField = z
  .url({ protocol: /^https?$/, error: 'Enter a URL that starts with https:// or http://.' })
  .max(2_048)
  .exactOptional()
  .meta({
    title: 'Endpoint',
    description: 'URL of a compatible server. Leave it empty for AWS itself.',
  });

/** Collects the problems of checks that span several fields. */
interface Issues {
  addIssue(issue: { code: 'custom'; path: string[]; message: string }): void;
}

/** Requires both parts of an access key, or neither. */
export function checkAccessKey(
  config: { readonly access_key_id?: string; readonly secret_access_key?: string },
  context: Issues,
): void {
  const isGiven = (field: 'access_key_id' | 'secret_access_key') => config[field] !== undefined;
  if (isGiven('access_key_id') === isGiven('secret_access_key')) return;
  const missing = isGiven('access_key_id') ? 'secret_access_key' : 'access_key_id';
  context.addIssue({
    code: 'custom',
    path: [missing],
    message: 'Enter both the access key ID and the secret access key, or neither.',
  });
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * The credentials of a connector; `undefined` means those of the process.
 *
 * @param secrets values of the configuration's secret fields
 */
export function credentialsOf(
  accessKeyId: string | undefined,
  secrets: Readonly<Record<string, string>>,
): AwsCredentials | undefined {
  const { secret_access_key: secretAccessKey, session_token: sessionToken } = secrets;
  if (accessKeyId === undefined || secretAccessKey === undefined) return undefined;
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

/** Reports a configured endpoint that the system never connects to, without a DNS lookup. */
export function endpointProblems(
  { endpoint }: JsonObject,
  { allowPrivateTargets }: AllowedTargets,
): FieldProblem[] {
  if (typeof endpoint !== 'string') return [];
  const message = targetProblem(endpoint, allowPrivateTargets);
  return message === null ? [] : [{ field: 'endpoint', message }];
}
