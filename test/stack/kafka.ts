import { describe, expect, test } from '@jest/globals';
import { Fn, Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { limits } from '../../lib/limits.ts';
import { parseSettings } from '../../lib/settings/settings.ts';
import { deployedConnectorId } from '../../src/engines/aws/ways/mapping/deployed-connectors.ts';
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

  test('passes the AwsSolutions pack of cdk-nag with them', () => {
    const { app } = makeStack({ kafkaClusterArns: [clusterArn] });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
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
  const network = { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] };
  const settings = { kafka: true, ...network, kafkaTopics: [topic, brokers] };
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
        { Type: 'VPC_SUBNET', URI: 'subnet:subnet-0123456789abcdef0' },
        { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-0123456789abcdef0' },
        { Type: 'SASL_SCRAM_512_AUTH', URI: brokers.secretArn },
      ],
    });
    template.hasResourceProperties('AWS::Lambda::Alias', { Name: deployedConnectorId('orders') });
  });

  test('may be read by the function: their clusters, and their secrets with the keys of these', () => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('KafkaRole'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: Match.arrayWith(['kafka:DescribeClusterV2']), Resource: clusterArn }),
          Match.objectLike({ Action: 'secretsmanager:GetSecretValue', Resource: brokers.secretArn }),
          Match.objectLike({
            Action: 'kms:Decrypt',
            Condition: {
              StringEquals: Match.objectLike({ 'kms:EncryptionContext:SecretARN': [brokers.secretArn] }),
            },
          }),
        ]),
      },
    });
  });

  test('have their brokers where the settings for Kafka say, before all others', () => {
    const kafkaNetwork = {
      kafkaSubnetIds: ['subnet-00000000000000001'],
      kafkaSecurityGroupIds: ['sg-00000000000000001'],
    };
    templateOf({ ...settings, ...kafkaNetwork }).hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      SourceAccessConfigurations: Match.arrayWith([
        { Type: 'VPC_SUBNET', URI: 'subnet:subnet-00000000000000001' },
        { Type: 'VPC_SECURITY_GROUP', URI: 'security_group:sg-00000000000000001' },
      ]),
    });
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
    [
      { kafkaSubnetIds: 'subnet-00000000000000001' },
      /kafkaSecurityGroupIds: goes together with kafkaSubnetIds/,
    ],
    [{ kafkaSubnetIds: 'vpc-1' }, /kafkaSubnetIds\.0: expected ids of subnets/],
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

  test('finds the topics of a cluster whose ARN is known at deploy time only', () => {
    const token = Fn.importValue('cluster');
    const part = (index: number) => ({
      'Fn::Select': [index, { 'Fn::Split': [':cluster/', { 'Fn::ImportValue': 'cluster' }] }],
    });
    templateOf({ ...kafka, kafkaClusterArns: [token] }).hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('KafkaRole'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'],
            Resource: { 'Fn::Join': ['', [part(0), ':topic/', part(1), '/*']] },
          }),
        ]),
      },
    });
  });

  test('lets what takes event sources away make none', () => {
    const policies = template.findResources('AWS::IAM::Policy', {
      Properties: { PolicyName: Match.stringLikeRegexp('RemoveSourcesRole') },
    });
    const text = JSON.stringify(policies);
    expect(text).toContain('lambda:DeleteEventSourceMapping');
    expect(text).not.toMatch(/:(Create|Update|Put|Tag)[A-Z]\w*(Mapping|Alias|Secret|Resource)/);
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
      Timeout: limits.mappingSeconds,
      Description: 'Takes the events of event source mappings.',
    });
  });

  test.each([
    ['named', clusterArn],
    ['of another stack', Fn.importValue('cluster')],
  ])('passes the AwsSolutions pack of cdk-nag, with a cluster that is %s', (_where, arn) => {
    const { app } = makeStack({ ...kafka, kafkaClusterArns: [arn] });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
