import { describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import * as z from 'zod';
import { makeStack, templateOf } from './synthesized.ts';

const template = templateOf({ eventBuses: ['default', 'orders'] });
const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(logicalId), 'Arn'] });

const statements = z.looseObject({
  Properties: z.looseObject({
    PolicyName: z.string(),
    PolicyDocument: z.looseObject({
      Statement: z.array(z.looseObject({ Action: z.union([z.string(), z.array(z.string())]) })),
    }),
  }),
});

/** What a function may do with EventBridge, beside sending results to a bus. */
function onEvents(role: string) {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).map(
    (policy) => statements.parse(policy).Properties,
  );
  const own = policies.find(({ PolicyName }) => PolicyName.includes(role));
  return (own?.PolicyDocument.Statement ?? []).filter(
    ({ Action }) => Action !== 'events:PutEvents' && [Action].flat()[0]?.startsWith('events:'),
  );
}

const arns = (statement: unknown) => JSON.stringify(statement).match(/:rule\/[^"]*/g);

describe('rules on event buses', () => {
  test('take nothing from a deployment that has no buses: no queue, no function, no permission', () => {
    const plain = JSON.stringify(templateOf().toJSON());
    expect(plain).not.toMatch(/RuleTrigger|RuleEvents|RemoveRules|events:PutRule/);
  });

  test.each([
    ['ten at a time on buses that are your own', { eventBuses: ['orders'] }, 256, 10],
    ['one at a time, with memory for an object of S3, on the default bus', {}, 1_024, 1],
    [
      'so, too, where connectors may read buckets',
      { eventBuses: ['orders'], s3Buckets: ['uploads'] },
      1_024,
      1,
    ],
  ])('send events that are taken %s', (_, settings, MemorySize, BatchSize) => {
    const stack = templateOf({ eventBuses: ['default'], ...settings });
    stack.hasResourceProperties('AWS::Lambda::Function', {
      MemorySize,
      Environment: { Variables: { POWERTOOLS_SERVICE_NAME: 'rule-events' } },
    });
    stack.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize,
      FunctionName: { Ref: Match.stringLikeRegexp('RuleEvents') },
    });
  });

  test.each(['ApiRole', 'ReconcileRole'])(
    'are made by %s under the names of this deployment, on the named buses, for its queue',
    (role) => {
      const [rules, targets, tags, lists, ...others] = onEvents(role);
      expect(others).toEqual([]);
      expect(rules?.Action).toEqual([
        'events:PutRule',
        'events:DescribeRule',
        'events:DeleteRule',
        'events:RemoveTargets',
        'events:ListTargetsByRule',
      ]);
      for (const statement of [rules, targets, tags]) {
        expect(arns(statement)).toEqual([
          expect.stringMatching(/^:rule\/[\w-]{1,27}-\*$/),
          expect.stringMatching(/^:rule\/orders\/[\w-]{1,27}-\*$/),
        ]);
      }
      expect(targets).toMatchObject({
        Action: 'events:PutTargets',
        Condition: {
          ArnEquals: { 'events:TargetArn': { 'Fn::GetAtt': [expect.stringMatching(/EventsQueue/), 'Arn'] } },
        },
      });
      expect(tags).toMatchObject({
        Action: 'events:TagResource',
        Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['agent-connectors:connector'] } },
      });
      expect(lists).toMatchObject({ Action: 'events:ListRules', Resource: '*' });
    },
  );

  test('are touched by no function but those and the one that removes them', () => {
    const touching = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
      /"events:(?!PutEvents)/.test(JSON.stringify(policy)),
    );
    expect(touching).toHaveLength(3);
    expect(onEvents('RemoveRulesRole').map(({ Action }) => Action)).toEqual([
      ['events:DeleteRule', 'events:RemoveTargets', 'events:ListTargetsByRule'],
      ['events:ListEventBuses', 'events:ListRules'],
    ]);
  });

  test.each(['DeliverRole', 'ApiRole'])(
    'are not what %s needs to send results to the named buses',
    (role) => {
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyName: Match.stringLikeRegexp(role),
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: 'events:PutEvents',
              Resource: ['default', 'orders'].map((bus) => ({
                'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(`:event-bus/${bus}$`)])],
              })),
            }),
          ]),
        },
      });
    },
  );

  test.each(['EventsQueue', 'EventsDeadLetters'])('and nobody else send to %s', (queue) => {
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: Match.stringLikeRegexp(queue) }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          {
            Action: 'sqs:SendMessage',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Resource: arnOf(queue),
            Condition: { ArnLike: { 'aws:SourceArn': Match.anyValue() } },
          },
        ]),
      },
    });
  });

  test('are removed with the stack, before the function that does so', () => {
    template.hasResource('AWS::CloudFormation::CustomResource', {
      Properties: { ServiceToken: arnOf('RemoveRules'), Buses: 'default,orders' },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('RemoveRules')]),
    });
  });

  test('have alarms for events that get old and dead letters that nobody keeps', () => {
    for (const name of ['OldestEvent', 'UnkeptDeadLettersEvents', 'ErrorsRuleEvents']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmDescription: Match.stringLikeRegexp(`See "${name}" in docs/operating.md`),
      });
    }
  });

  test('are within the AwsSolutions pack of cdk-nag', () => {
    const { app } = makeStack({ eventBuses: ['default', 'orders'] });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});

test('the names of event buses are checked', () => {
  expect(() => makeStack({ eventBuses: ['my bus'] })).toThrow(
    'eventBuses.0: expected names of event buses, such as default',
  );
});
