import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { templateOf } from './synthesized.ts';

const template = templateOf();
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(logicalId), 'Arn'] });

describe('schedules', () => {
  test('go with the stack, whatever is kept: their group is deleted', () => {
    template.hasResource('AWS::Scheduler::ScheduleGroup', { DeletionPolicy: 'Delete' });
  });

  test('send to their queue and its dead letters only, and only those of this group', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': { Ref: 'AWS::AccountId' },
                'aws:SourceArn': arnOf('CronTriggerGroup'),
              },
            },
          }),
        ],
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('SchedulerRole'),
      PolicyDocument: {
        Statement: [
          {
            Action: 'sqs:SendMessage',
            Effect: 'Allow',
            Resource: [arnOf('TicksQueue'), arnOf('TicksDeadLetters')],
          },
        ],
      },
    });
  });

  test.each(['ApiRole', 'ReconcileRole'])(
    'are made by %s in this group, and sent by their role alone',
    (role) => {
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyName: Match.stringLikeRegexp(role),
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: ['scheduler:CreateSchedule', 'scheduler:UpdateSchedule', 'scheduler:DeleteSchedule'],
            }),
            Match.objectLike({
              Action: 'iam:PassRole',
              Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
              Resource: arnOf('SchedulerRole'),
            }),
          ]),
        },
      });
    },
  );

  test('are touched by no other function', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const touching = policies.filter((policy) => JSON.stringify(policy).includes('scheduler:'));
    expect(touching).toHaveLength(2);
  });
});
