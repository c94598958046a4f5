import { describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { parseSettings } from '../../lib/settings/settings.ts';
import { functionRoles } from '../aws/permissions/function-roles.ts';
import { isAllowed } from '../aws/permissions/is-allowed.ts';
import { recording } from '../aws/recording.ts';
import { makeStack, templateOf } from './synthesized.ts';

const encryptionKey = 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
const settings = { encryptionKey, kafka: true };
const template = templateOf(settings);

/** Where the resources of each type name their key. */
const keyOf: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['SSESpecification', 'KMSMasterKeyId'],
  'AWS::SQS::Queue': ['KmsMasterKeyId'],
  'AWS::SecretsManager::Secret': ['KmsKeyId'],
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
};

function at(value: unknown, [name, ...path]: readonly string[]): unknown {
  if (name === undefined) return value;
  return at(z.record(z.string(), z.unknown()).safeParse(value).data?.[name], path);
}

describe("a customer's key", () => {
  test.each(Object.entries(keyOf))('encrypts every %s', (type, path) => {
    const all = Object.values(template.findResources(type));
    expect(all.length).toBeGreaterThan(0);
    for (const { Properties } of all) expect(at(Properties, path)).toBe(encryptionKey);
  });

  test('encrypts every log, but for those of the CDK that hold nothing of anybody', () => {
    const groups = Object.entries(template.findResources('AWS::Logs::LogGroup'));
    const plain = groups
      .filter(([, { Properties }]) => Properties.KmsKeyId !== encryptionKey)
      .map(([id]) => id);
    expect(plain).toHaveLength(2);
    for (const id of plain) expect(id).toMatch(/UploadLog|AutoDeleteObjects/);
  });

  test('encrypts the payloads, with one call to KMS for many', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: encryptionKey },
          },
        ],
      },
    });
  });

  test('may be used by every function through the services that hold the data, and by those of callers in no other way', () => {
    const json = template.toJSON();
    const resources = Object.fromEntries(Object.keys(json['Resources']).map((name) => [name, name]));
    const home = { region: 'us-east-1', account: '123456789012' };
    const roles = functionRoles(recording.parse({ template: json, resources, calls: [] }), home);
    expect(roles.length).toBeGreaterThanOrEqual(11);
    const context = { 'lambda:SourceFunctionArn': 'arn:aws:lambda:::function:any' };
    const through = (service: string) => ({
      ...context,
      'kms:ViaService': `${service}.us-east-1.amazonaws.com`,
    });
    for (const { name, statements } of roles) {
      const use = { action: 'kms:Decrypt', resource: encryptionKey };
      for (const service of ['dynamodb', 'sqs', 's3', 'secretsmanager']) {
        expect(isAllowed({ ...use, context: through(service) }, statements)).toBe(true);
      }
      // For a function that reads a queue, the CDK adds what Lambda needs to do so in its name.
      if (/Webhook|Api|Reconcile/.test(name)) expect(isAllowed({ ...use, context }, statements)).toBe(false);
    }
  });

  test('may be used by the scheduler, which sends ticks to a queue', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('SchedulerRole'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['kms:GenerateDataKey']), Resource: encryptionKey }),
        ]),
      },
    });
  });

  test('passes the AwsSolutions pack of cdk-nag, with every other setting that adds resources', () => {
    const { app } = makeStack({ ...settings, dashboardAccessLogs: true, wafRateLimit: 100, xRay: true });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('is named by its ARN: an alias may be moved to another key', () => {
    const alias = 'arn:aws:kms:us-east-1:123456789012:alias/connectors';
    expect(() => parseSettings({ encryptionKey: alias })).toThrow(
      /encryptionKey: expected the ARN of a KMS key/,
    );
  });
});

test('without a key of the customer, every queue is still encrypted', () => {
  for (const { Properties } of Object.values(templateOf().findResources('AWS::SQS::Queue'))) {
    expect(Properties.SqsManagedSseEnabled).toBe(true);
  }
});
