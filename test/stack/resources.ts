import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { templateOf } from './synthesized.ts';

const golden = join(import.meta.dirname, 'resources.golden.txt');

const resources = z.record(
  z.string(),
  z.object({
    Type: z.string(),
    DeletionPolicy: z.string().optional(),
    Properties: z.record(z.string(), z.unknown()).optional(),
  }),
);

/** Properties whose change makes CloudFormation replace the resource, and with it what it holds. */
const replacing: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::Cognito::UserPool': ['UsernameAttributes', 'AliasAttributes'],
  'AWS::SecretsManager::Secret': ['Name', 'GenerateSecretString'],
};

/** Without deployments of the API: each change of a route makes a new one, which holds nothing. */
function lasting(all: z.infer<typeof resources>) {
  return Object.entries(all).filter(([, { Type }]) => Type !== 'AWS::ApiGateway::Deployment');
}

/** One line a resource: what a review has to see when it changes. */
function summary(): string {
  const all = resources.parse(templateOf().toJSON()['Resources']);
  const lines = lasting(all).map(([id, { Type, DeletionPolicy = 'Delete', Properties = {} }]) => {
    const kept = (replacing[Type] ?? []).flatMap((name) =>
      Properties[name] === undefined ? [] : [`${name}=${JSON.stringify(Properties[name])}`],
    );
    return [Type, id, DeletionPolicy, ...kept].join(' ');
  });
  return `${lines.sort().join('\n')}\n`;
}

test('the resources are those of resources.golden.txt: a renamed one is replaced, with all that it holds', () => {
  expect(summary()).toBe(readFileSync(golden, 'utf8'));
});
