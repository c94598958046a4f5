import { describe, expect, test } from '@jest/globals';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { parseSettings } from '../../lib/settings/settings.ts';
import { templateOf } from './synthesized.ts';

const template = templateOf({ kafka: true, dashboardAccessLogs: true });
const gone = templateOf({ removalPolicy: 'destroy', dashboardAccessLogs: true });

const resource = z.object({
  Type: z.string(),
  DeletionPolicy: z.string().optional(),
  UpdateReplacePolicy: z.string().optional(),
});

/** What stays when the stack goes, `<type> <what becomes of it>`. */
function kept(from: Template): string[] {
  const all = z.record(z.string(), resource).parse(from.toJSON()['Resources']);
  return Object.values(all)
    .filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')
    .map(
      ({ Type, DeletionPolicy, UpdateReplacePolicy }) => `${Type} ${DeletionPolicy} ${UpdateReplacePolicy}`,
    );
}

const ofTheAccount = ['AWS::ApiGateway::Account Retain Retain', 'AWS::IAM::Role Retain Retain'];

describe('what a deployment keeps', () => {
  test('goes with a first deployment that fails, and stays with every other, but for what the account shares', () => {
    const own = kept(template).filter((line) => !ofTheAccount.includes(line));
    expect(own.length).toBeGreaterThan(10);
    expect(own.filter((line) => !line.endsWith(' RetainExceptOnCreate Retain'))).toEqual([]);
    expect(kept(template)).toEqual(expect.arrayContaining(ofTheAccount));
  });

  test('is nothing with removalPolicy=destroy, but for what the account shares', () => {
    expect(kept(gone).toSorted()).toEqual(ofTheAccount);
  });

  test('can be deleted when a first deployment is taken back: protection is switched on later', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: false });
    templateOf({ tableDeletionProtection: true }).hasResourceProperties('AWS::DynamoDB::Table', {
      DeletionProtectionEnabled: true,
    });
    expect(() => parseSettings({ tableDeletionProtection: 'true', removalPolicy: 'destroy' })).toThrow(
      /tableDeletionProtection: cannot be on with removalPolicy=destroy/,
    );
  });
});

describe('every function, those of the CDK too', () => {
  const reference = z.object({ Ref: z.string() });

  test('has a log group of the stack: one that Lambda makes by itself would stay for good', () => {
    for (const from of [template, gone]) {
      const groups = Object.keys(from.findResources('AWS::Logs::LogGroup'));
      for (const [name, { Properties }] of Object.entries(from.findResources('AWS::Lambda::Function'))) {
        const group = reference.safeParse(Properties.LoggingConfig?.LogGroup).data?.Ref;
        expect([name, groups.includes(group ?? '')]).toEqual([name, true]);
      }
    }
  });

  test('of the CDK has one that goes with the stack, whatever is kept', () => {
    for (const name of ['UploadLog', 'AutoDeleteObjects']) {
      const groups = Object.entries(template.findResources('AWS::Logs::LogGroup'));
      const [found] = groups.filter(([id]) => id.includes(name));
      expect(found?.[1]['DeletionPolicy']).toBe('Delete');
    }
  });
});

describe("CloudFront's access log", () => {
  test('is off unless asked for', () => {
    templateOf().hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: { Logging: Match.absent() },
    });
  });

  test('goes to a bucket that forgets as the logs do', () => {
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Logging: { Bucket: { 'Fn::GetAtt': [Match.stringLikeRegexp('AccessLogs'), 'RegionalDomainName'] } },
      },
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerPreferred' }] },
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 30 })]) },
    });
  });
});
