import { describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { limits } from '../../lib/limits.ts';
import { parseSettings } from '../../lib/settings.ts';
import { deployedConnectorId } from '../../src/engines/aws/sources/deployed-topics.ts';
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

describe('topics of the settings', () => {
  const topic = { name: 'orders', topic: 'orders', clusterArn, authentication: 'IAM' as const };
  const brokers = {
    name: 'returns',
    topic: 'returns',
    bootstrapServers: 'b-1.example.com:9096, b-2.example.com:9096',
    authentication: 'SCRAM-SHA-512' as const,
    secretArn: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:kafka-AbCdEf',
    groupId: 'returns-agents',
    startAt: 'earliest' as const,
  };
  const settings = { ...kafka, kafkaSubnetIds: ['subnet-1'], kafkaTopics: [topic, brokers] };
  const template = templateOf(settings);

  test('have their event sources in the template, each by the alias of its connector', () => {
    const common = {
      BatchSize: 100,
      MaximumRetryAttempts: 10_000,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FunctionName: { Ref: Match.stringLikeRegexp('Alias') },
      DestinationConfig: Match.objectLike({}),
      ProvisionedPollerConfig: Match.objectLike({ MinimumPollers: 1 }),
    };
    const group = `agent-connectors-${deployedConnectorId('orders')}`;
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ...common,
      EventSourceArn: clusterArn,
      Topics: ['orders'],
      StartingPosition: 'LATEST',
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: group },
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      ...common,
      SelfManagedEventSource: {
        Endpoints: { KafkaBootstrapServers: ['b-1.example.com:9096', 'b-2.example.com:9096'] },
      },
      StartingPosition: 'TRIM_HORIZON',
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: 'returns-agents' },
      SourceAccessConfigurations: [
        { Type: 'VPC_SUBNET', URI: 'subnet:subnet-1' },
        { Type: 'SASL_SCRAM_512_AUTH', URI: brokers.secretArn },
      ],
    });
    template.hasResourceProperties('AWS::Lambda::Alias', { Name: deployedConnectorId('orders') });
  });

  test('come as JSON from the command line', () => {
    const { kafkaTopics } = parseSettings({ kafka: 'true', kafkaTopics: JSON.stringify([topic]) });
    expect(kafkaTopics).toEqual([{ ...topic, startAt: 'latest', agents: [] }]);
  });

  test.each([
    [{ kafka: false, kafkaTopics: [topic] }, /kafkaTopics: .*needs the setting kafka=true/],
    [{ kafkaTopics: '[{' }, /kafkaTopics: .*expected a list of topics as JSON/],
    [{ kafkaTopics: [{ ...topic, clusterArn: undefined }] }, /give either clusterArn or bootstrapServers/],
    [{ kafkaTopics: [{ ...brokers, secretArn: undefined }] }, /is required with SCRAM-SHA-512/],
    [{ kafkaClusterArns: 'orders' }, /kafkaClusterArns\.0: expected ARNs of MSK clusters/],
  ])('are refused with a sentence: %j', (given, problem) => {
    expect(() => parseSettings({ kafka: true, ...given })).toThrow(problem);
  });
});

test('topics for agents that the project does not have stop the synth', () => {
  const topic = { name: 'orders', topic: 'orders', clusterArn, agents: ['nobody'] };
  expect(() => makeStack({ ...kafka, kafkaTopics: [topic] })).toThrow(
    /kafkaTopics: orders: there is no agent named "nobody"\./,
  );
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
