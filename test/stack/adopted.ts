import { describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { parseSettings } from '../../lib/settings/settings.ts';
import { makeStack, templateOf } from './synthesized.ts';

const tableArn = 'arn:aws:dynamodb:eu-west-1:123456789012:table/AgentConnectors-restored';
const tableStreamArn = `${tableArn}/stream/2026-11-26T10:00:00.000`;
const sealingKeySecretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:SealingKey-AbCdEf';
const settings = {
  tableStreamArn,
  payloadBucketName: 'payloads-of-before',
  sealingKeySecretArn,
  userPoolId: 'eu-west-1_AbCdEf123',
} as const;
const template = templateOf(settings);
const text = JSON.stringify(template);

/** ARNs in the template of what the deployment makes itself have a `Fn::GetAtt` in their place. */
function statements(): { Action: string | string[]; Resource: unknown }[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
}

function resourcesOf(action: string): string[] {
  const found = statements().filter(({ Action }) => [Action].flat().includes(action));
  return found.flatMap(({ Resource }) => [Resource].flat().map((one) => JSON.stringify(one)));
}

describe('a deployment that adopts what exists', () => {
  test('makes no table, no bucket for payloads, no sealing key, no user pool and no group of its own', () => {
    template.resourceCountIs('AWS::DynamoDB::Table', 0);
    template.resourceCountIs('AWS::Cognito::UserPool', 0);
    template.resourceCountIs('AWS::Cognito::UserPoolGroup', 0);
    // The dashboard's files, and the first token.
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    expect(text).not.toMatch(/StoreTable|StorePayloads|StoreSealingKey|OperatorsUserPool[0-9A-F]{8}"/);
  });

  test('tells every function where the records, the payloads and the key are', () => {
    const functions = template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { DEPLOYMENT_NAME: Match.anyValue() } } },
    });
    expect(Object.keys(functions).length).toBeGreaterThanOrEqual(8);
    for (const { Properties } of Object.values(functions)) {
      expect(Properties.Environment.Variables).toMatchObject({
        TABLE_NAME: 'AgentConnectors-restored',
        PAYLOAD_BUCKET: 'payloads-of-before',
        KEY_SECRET_ID: sealingKeySecretArn,
      });
    }
  });

  test('allows functions to use the adopted table with its indexes, the payloads and the key, and nothing else in their place', () => {
    expect(new Set(resourcesOf('dynamodb:Query'))).toEqual(
      new Set([JSON.stringify(tableArn), JSON.stringify(`${tableArn}/index/*`)]),
    );
    expect(new Set(resourcesOf('dynamodb:PutItem').map((one) => one.includes(tableArn)))).toEqual(
      new Set([true]),
    );
    const written = resourcesOf('s3:PutObject').filter((one) => !one.includes('DashboardFiles'));
    expect(written.length).toBeGreaterThan(0);
    for (const one of written) expect(one).toContain('payloads-of-before/*');
    expect(resourcesOf('secretsmanager:GetSecretValue')).toContain(JSON.stringify(sealingKeySecretArn));
  });

  test('plans deliveries from the stream of the adopted table, which Outbound may read', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: tableStreamArn,
      StartingPosition: 'TRIM_HORIZON',
    });
    expect(resourcesOf('dynamodb:GetRecords')).toEqual([JSON.stringify(tableStreamArn)]);
  });

  test('checks first whether the table can be used, again when its indexes change, and changes no function before', () => {
    const checks = template.findResources('AWS::CloudFormation::CustomResource', {
      Properties: {
        TableStreamArn: tableStreamArn,
        Indexes: Match.stringLikeRegexp('by-state.*dueAt'),
        ServiceToken: { 'Fn::GetAtt': [Match.stringLikeRegexp('CheckTable'), 'Arn'] },
      },
    });
    const [check = ''] = Object.keys(checks);
    const functions = template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { DEPLOYMENT_NAME: Match.anyValue() } } },
    });
    const unchecked = Object.entries(functions).filter(([, { DependsOn }]) => !DependsOn?.includes(check));
    expect(unchecked.map(([id]) => id)).toEqual([expect.stringContaining('CheckTable')]);
    expect(resourcesOf('dynamodb:DescribeTable')).toEqual([JSON.stringify(tableArn)]);
    expect(JSON.stringify(templateOf())).not.toContain('CheckTable');
  });

  test('watches the adopted table with its alarm and its graph', () => {
    const alarms = JSON.stringify(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarms).toContain('"Name":"TableName","Value":"AgentConnectors-restored"');
    const withGraphs = templateOf({ ...settings, cloudWatchDashboard: true });
    const dashboards = JSON.stringify(withGraphs.findResources('AWS::CloudWatch::Dashboard'));
    expect(dashboards).toContain('AgentConnectors-restored');
  });

  test('signs people in with the adopted user pool, by a client of its own', () => {
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', { UserPoolId: settings.userPoolId });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ USER_POOL_ID: settings.userPoolId }) },
    });
    template.hasOutput('*', { Value: settings.userPoolId });
  });

  test('lets functions use the key with which an adopted table is encrypted', () => {
    const encryptionKey = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
    const encrypted = templateOf({ ...settings, encryptionKey });
    encrypted.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['kms:Decrypt']),
            Resource: encryptionKey,
            Condition: {
              StringEquals: {
                'kms:ViaService': Match.arrayWith([
                  { 'Fn::Join': ['', ['dynamodb.', { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] },
                ]),
              },
            },
          }),
        ]),
      },
    });
  });

  test('has nothing that cdk-nag finds and nobody has suppressed', () => {
    const { app } = makeStack(settings);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

describe('adopting a part', () => {
  test('leaves the rest as it is: a restored table goes with the sealing key, payloads and people that are there', () => {
    const restored = templateOf({ tableStreamArn });
    restored.resourceCountIs('AWS::DynamoDB::Table', 0);
    restored.resourceCountIs('AWS::Cognito::UserPool', 1);
    restored.resourceCountIs('AWS::Cognito::UserPoolGroup', 2);
    restored.resourceCountIs('AWS::S3::Bucket', 2);
    restored.resourceCountIs('AWS::SecretsManager::Secret', 2);
  });

  test.each([
    ['tableStreamArn', tableArn],
    ['payloadBucketName', 'arn:aws:s3:::payloads'],
    ['sealingKeySecretArn', 'SealingKey'],
    ['userPoolId', 'operators'],
  ])('refuses %s = %s with a sentence', (name, value) => {
    expect(() => parseSettings({ [name]: value })).toThrow(
      new RegExp(`Invalid settings:\\n  ${name}: .+\\.$`),
    );
  });

  test("refuses to protect a table that is not the deployment's", () => {
    expect(() => parseSettings({ tableStreamArn, tableDeletionProtection: true })).toThrow(
      /tableDeletionProtection: is for a table that the deployment makes/,
    );
  });
});

test('who is in which group stays with a user pool that stays', () => {
  const kept = Object.values(templateOf().findResources('AWS::Cognito::UserPoolGroup'));
  expect(kept.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(Array(2).fill('RetainExceptOnCreate'));
});
