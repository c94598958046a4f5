import { describe, expect, test } from '@jest/globals';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { limits } from '../../lib/limits.ts';
import { parseSettings } from '../../lib/settings/settings.ts';
import { AgentConnectors } from '../../lib/stack.ts';
import { bareAssembly, makeStack, templateOf } from './synthesized.ts';

const orders = 'arn:aws:sqs:us-east-1:123456789012:orders';
const statement = (action: unknown, resource: unknown, role: string) => ({
  PolicyName: Match.stringLikeRegexp(role),
  PolicyDocument: {
    Statement: Match.arrayWith([Match.objectLike({ Action: action, Resource: resource })]),
  },
});

describe('a deployment that names queues', () => {
  const template = templateOf({ sqsQueueArns: [orders] });

  test('lets the function behind event source mappings read them, and nobody else', () => {
    const reading = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    template.hasResourceProperties('AWS::IAM::Policy', statement(reading, orders, 'KafkaRole'));
    const policies = JSON.stringify(template.findResources('AWS::IAM::Policy'));
    expect(policies.split(JSON.stringify(reading))).toHaveLength(2);
  });

  test.each(['ApiRole', 'DeliverRole'])('lets %s send to them', (role) => {
    template.hasResourceProperties('AWS::IAM::Policy', statement('sqs:SendMessage', orders, role));
  });

  test('tells the functions that manage connectors where mappings are made, and of which types', () => {
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          POWERTOOLS_SERVICE_NAME: 'api',
          MAPPED_TYPES: 'sqs',
          MAPPING_FUNCTION_ARN: { 'Fn::GetAtt': [Match.stringLikeRegexp('Kafka'), 'Arn'] },
        },
      },
    });
  });

  test('has no function whose timeout is longer than the visibility timeout of a new queue', () => {
    expect(limits.mappingSeconds).toBeLessThanOrEqual(30);
  });

  test('needs nothing of Kafka: no lost batches, no secrets of event sources', () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(
      /LostBatchesKafka|secretsmanager:CreateSecret|STREAM_/,
    );
  });

  test('reads Kafka beside them', () => {
    templateOf({ sqsQueueArns: [orders], kafka: true }).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { MAPPED_TYPES: 'kafka,sqs', STREAM_POLLER_GROUP: Match.anyValue() } },
    });
  });

  test('passes the AwsSolutions pack of cdk-nag', () => {
    const { app } = makeStack({ sqsQueueArns: [orders] });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });

  test('is told of nothing else than queues', () => {
    expect(() => parseSettings({ sqsQueueArns: 'orders' })).toThrow(/sqsQueueArns.*: .*ARNs of SQS queues/);
    expect(() => parseSettings({ sqsQueues: 'orders' })).toThrow(/sqsQueues: .*in CDK code only/);
  });
});

describe('queues of a CDK app', () => {
  test('are read and sent to, with their keys', () => {
    const stack = new Stack(new App(bareAssembly()), 'Shop');
    const key = new Key(stack, 'Key');
    const queue = new Queue(stack, 'Orders', { encryption: QueueEncryption.KMS, encryptionMasterKey: key });
    new AgentConnectors(stack, 'Connectors', { sqsQueues: [queue] });
    const arn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Orders'), 'Arn'] };
    const keyArn = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Key'), 'Arn'] };
    const template = Template.fromStack(stack);
    template.hasResourceProperties(
      'AWS::IAM::Policy',
      statement('sqs:SendMessage', arn, 'ConnectorsFunctionsDeliver'),
    );
    template.hasResourceProperties(
      'AWS::IAM::Policy',
      statement('kms:Decrypt', keyArn, 'ConnectorsFunctionsKafka'),
    );
  });
});
