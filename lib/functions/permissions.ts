import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { Store } from '../store/store.ts';

/** Actions on named resources. */
export interface Permission {
  /** Denied even if another statement allows them. Absent: allowed. */
  readonly denied?: true;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Conditions, by operator: `{ StringEquals: { key: value } }`. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Actions on the table. A TransactWriteItems call needs the actions that it contains. */
export type TableAction = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query';

/** Actions on the table and, for queries, on its indexes. */
export function onTable({ table }: Store, ...actions: readonly TableAction[]): Permission {
  const indexes = actions.includes('Query') ? [`${table.tableArn}/index/*`] : [];
  return {
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn, ...indexes],
  };
}

/** Reading or writing the payloads that are too large for a record. */
export function onPayloads(
  { bucket }: Store,
  ...actions: readonly ('GetObject' | 'PutObject')[]
): Permission {
  return { actions: actions.map((action) => `s3:${action}`), resources: [bucket.arnForObjects('*')] };
}

export function sendTo(...queues: readonly { readonly queueArn: string }[]): Permission {
  return { actions: ['sqs:SendMessage'], resources: queues.map(({ queueArn }) => queueArn) };
}

export function readSecrets(...arns: readonly string[]): Permission {
  return { actions: ['secretsmanager:GetSecretValue'], resources: arns };
}

/**
 * Reading secrets of other owners, whatever key of the account encrypts them: MSK secrets require a customer-managed
 * key.
 */
export function readOthersSecrets(stack: Stack, arns: readonly string[]): Permission[] {
  if (arns.length === 0) return [];
  const through = `secretsmanager.${stack.region}.${stack.urlSuffix}`;
  const conditions = {
    StringEquals: { 'kms:ViaService': through, 'kms:EncryptionContext:SecretARN': arns },
  };
  return [readSecrets(...arns), { actions: ['kms:Decrypt'], resources: ['*'], conditions }];
}

/** Calling models of Amazon Bedrock. The account's model access decides which ones. */
export function useBedrock(stack: Stack): Permission {
  const service = { service: 'bedrock', region: '*', arnFormat: ArnFormat.SLASH_RESOURCE_NAME };
  return {
    actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
    resources: [
      stack.formatArn({ ...service, account: '', resource: 'foundation-model', resourceName: '*' }),
      stack.formatArn({ ...service, resource: 'inference-profile', resourceName: '*' }),
    ],
  };
}

/**
 * What Lambda does with a function's role, where AWS allows no narrower resource than `*`. The function's own code has
 * the same role but is denied: only its calls carry the ARN of a function (Lambda developer guide, "Using source
 * function ARN to control function access behavior").
 */
export function lambdaItselfMay(...actions: readonly string[]): Permission[] {
  const itsCode = { Null: { 'lambda:SourceFunctionArn': 'false' } };
  const resources = ['*'];
  return [
    { actions, resources },
    { denied: true, actions, resources, conditions: itsCode },
  ];
}

/** The permission as an IAM statement. */
export function statementOf({ denied, actions, resources, conditions = {} }: Permission): PolicyStatement {
  const effect = denied ? Effect.DENY : Effect.ALLOW;
  return new PolicyStatement({ effect, actions: [...actions], resources: [...resources], conditions });
}

/**
 * What every reader or writer of data encrypted with the key needs, through the services that store it (DynamoDB
 * developer guide, "DynamoDB encryption at rest: usage notes"; SQS developer guide, "Key management").
 */
export function useOf(scope: Construct, encryptionKey: IKey | undefined): Permission[] {
  if (encryptionKey === undefined) return [];
  const { region, urlSuffix } = Stack.of(scope);
  const services = ['dynamodb', 's3', 'secretsmanager', 'sqs'];
  const through = services.map((service) => `${service}.${region}.${urlSuffix}`);
  const uses = [
    'Decrypt',
    'DescribeKey',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'ReEncryptFrom',
    'ReEncryptTo',
  ];
  return [
    {
      actions: uses.map((use) => `kms:${use}`),
      resources: [encryptionKey.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': through } },
    },
  ];
}
