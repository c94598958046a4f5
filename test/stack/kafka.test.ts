import { describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { limits } from '../../lib/limits.ts';
import { makeStack, templateOf } from './synthesized.ts';

const clusterArn =
  'arn:aws:kafka:us-east-1:123456789012:cluster/orders/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-1';
const kafka = { kafka: true, kafkaClusterArns: [clusterArn] };

describe('a deployment without Kafka', () => {
  const text = JSON.stringify(templateOf().toJSON());

  test('may make no event source mapping and read no cluster', () => {
    for (const action of [
      'lambda:CreateEventSourceMapping',
      'kafka-cluster:',
      'ec2:CreateNetworkInterface',
    ]) {
      expect(text).not.toContain(action);
    }
  });

  test('still may write to clusters that it is told of', () => {
    const producing = JSON.stringify(templateOf({ kafkaClusterArns: [clusterArn] }).toJSON());
    expect(producing).toContain('kafka-cluster:WriteData');
    expect(producing).not.toContain('kafka-cluster:ReadData');
  });
});

describe('a deployment with Kafka', () => {
  const template = templateOf(kafka);

  test('lets mappings be made of its one function only', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('ApiRole'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: [
              'lambda:CreateEventSourceMapping',
              'lambda:UpdateEventSourceMapping',
              'lambda:DeleteEventSourceMapping',
            ],
            Condition: {
              ArnLike: {
                'lambda:FunctionArn': Match.arrayWith([
                  { 'Fn::GetAtt': [Match.stringLikeRegexp('FunctionsKafka[0-9A-F]+$'), 'Arn'] },
                ]),
              },
            },
          }),
        ]),
      },
    });
  });

  test('lets the function into the named clusters only, with what a consumer does', () => {
    const part = (kind: string) => `${clusterArn.replace(':cluster/', `:${kind}/`)}/*`;
    const statement = (actions: readonly string[], resource: string) => {
      const Action = actions.map((action) => `kafka-cluster:${action}`);
      return Match.objectLike({ Action, Resource: resource });
    };
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('KafkaRole'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          statement(['Connect', 'DescribeClusterDynamicConfiguration'], clusterArn),
          statement(['DescribeTopic', 'ReadData'], part('topic')),
          statement(['AlterGroup', 'DescribeGroup'], part('group')),
        ]),
      },
    });
  });

  test('takes its event sources away before the function and its role go', () => {
    const made = Object.values(template.findResources('AWS::CloudFormation::CustomResource'));
    expect(made).toHaveLength(1);
    expect(made[0]?.['DependsOn']).toEqual(
      expect.arrayContaining([expect.stringMatching(/FunctionsKafka[0-9A-F]+$/)]),
    );
  });

  test('has an alarm and a page for each of its troubles', () => {
    for (const name of ['KafkaLag', 'UnkeptDeadLettersKafka', 'ErrorsKafka']) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmDescription: Match.stringLikeRegexp(`"${name}" in docs/operating.md`),
      });
    }
  });

  test('gives a batch the time that it may take', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Timeout: limits.kafkaSeconds,
      Description: 'Takes the messages of Kafka topics.',
    });
  });

  test('passes the AwsSolutions pack of cdk-nag', () => {
    const { app } = makeStack(kafka);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
