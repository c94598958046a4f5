import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { parseSettings } from '../../lib/settings/settings.ts';
import { AgentConnectors } from '../../lib/stack.ts';
import { bareAssembly, templateOf } from './synthesized.ts';

const agentSecretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:tools-AbCdEf';

describe('an app that gives agents a table of its own', () => {
  let template: Template;
  beforeAll(() => {
    const stack = new Stack(new App(bareAssembly()), 'Ours');
    const orders = new Table(stack, 'Orders', { partitionKey: { name: 'id', type: AttributeType.STRING } });
    const connectors = new AgentConnectors(stack, 'Connectors', {
      agentEnvironment: { ORDERS_TABLE: orders.tableName },
    });
    orders.grantReadData(connectors);
    template = Template.fromStack(stack);
  });

  test.each(['RunnerRole', 'WebhookSyncRole'])('lets %s read it', (role) => {
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp(role),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['dynamodb:Query', 'dynamodb:GetItem']),
            Resource: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^Orders'), 'Arn'] }],
          }),
        ]),
      },
    });
  });

  test('lets nobody else read it, and nobody write to it', () => {
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
      /"Orders[0-9A-F]{8}"/.test(JSON.stringify(policy)),
    );
    expect(policies).toHaveLength(2);
    const own = policies.flatMap(({ Properties }) =>
      Properties.PolicyDocument.Statement.filter((each: unknown) =>
        /"Orders[0-9A-F]{8}"/.test(JSON.stringify(each)),
      ),
    );
    expect(JSON.stringify(own)).not.toMatch(/PutItem|UpdateItem|DeleteItem/);
  });

  test('tells both functions where it is', () => {
    const told = template.findResources('AWS::Lambda::Function', {
      Properties: {
        Environment: { Variables: { ORDERS_TABLE: { Ref: Match.stringLikeRegexp('^Orders') } } },
      },
    });
    expect(Object.keys(told)).toHaveLength(2);
  });

  test('is written in the docs as it is here', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/deploying.md'), 'utf8');
    expect(page).toContain('orders.grantReadData(connectors);');
    expect(page).toContain('agentEnvironment: { ORDERS_TABLE: orders.tableName },');
  });
});

describe('variables of agents', () => {
  test('come from a secret that the functions of agents alone may read', () => {
    const template = templateOf({ agentSecretArn });
    const reading = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
      JSON.stringify(policy).includes(agentSecretArn),
    );
    expect(reading.map(({ Properties }) => Properties.PolicyName).toSorted()).toEqual([
      expect.stringContaining('Runner'),
      expect.stringContaining('WebhookSync'),
    ]);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { AGENT_SECRET_ID: agentSecretArn } },
    });
  });

  test('come as JSON from the command line', () => {
    expect(parseSettings({ agentEnvironment: '{"REGION": "eu"}' }).agentEnvironment).toEqual({
      REGION: 'eu',
    });
  });

  test.each([
    ['REGION=eu', /agentEnvironment: expected variables as JSON\./],
    ['{"TABLE_NAME": "x"}', /agentEnvironment\.TABLE_NAME: is set by the deployment itself\./],
    ['{"AWS_REGION": "x"}', /agentEnvironment\.AWS_REGION: is set by the deployment itself\./],
    ['{"my region": "x"}', /agentEnvironment\.my region: expected the name of a variable\./],
  ])('are refused with a sentence: %s', (agentEnvironment, sentence) => {
    expect(() => parseSettings({ agentEnvironment })).toThrow(sentence);
  });
});
