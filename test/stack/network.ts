import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import type { AgentConnectorsProps } from '../../lib/settings/agent-connectors-props.ts';
import { parseSettings } from '../../lib/settings/settings.ts';
import { type FunctionRole, functionRoles } from '../aws/permissions/function-roles.ts';
import { isAllowed } from '../aws/permissions/is-allowed.ts';
import { recording } from '../aws/recording.ts';
import { templateOf } from './synthesized.ts';

const network = {
  subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  securityGroupIds: ['sg-0123456789abcdef0'],
};

/** Entry points of the functions that stand in a VPC. */
function connected(settings = {}): string[] {
  const functions = templateOf(settings).findResources('AWS::Lambda::Function', {
    Properties: { VpcConfig: Match.anyValue() },
  });
  return Object.values(functions)
    .map(({ Properties }) => Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME)
    .toSorted();
}

/** The functions and their roles, each resource known by its logical id. */
function rolesOf(settings: AgentConnectorsProps): FunctionRole[] {
  const template = templateOf(settings).toJSON();
  const resources = Object.fromEntries(Object.keys(template['Resources']).map((name) => [name, name]));
  const home = { region: 'us-east-1', account: '123456789012' };
  return functionRoles(recording.parse({ template, resources, calls: [] }), home);
}

const namesOf = (roles: readonly FunctionRole[]) => roles.map(({ name }) => name).toSorted();

describe('a VPC', () => {
  test('is nobody’s unless asked for', () => expect(connected()).toEqual([]));

  test('takes the functions that reach others’ systems, and no other: they would lose their way to AWS', () => {
    expect(connected(network)).toEqual(['deliver', 'runner', 'webhook-sync']);
  });

  test('is reached from the subnets and with the security groups that are named', () => {
    const template = templateOf(network);
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: {
        SubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
        SecurityGroupIds: ['sg-0123456789abcdef0'],
      },
    });
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::VPC', 0);
  });

  test('takes Lambda’s right to connect these functions, which the code of none of them has', () => {
    const roles = rolesOf({ ...network, kafka: true });
    const asLambda = { action: 'ec2:CreateNetworkInterface', resource: '*' };
    const asCode = { ...asLambda, context: { 'lambda:SourceFunctionArn': 'arn:aws:lambda:::function:any' } };
    expect(namesOf(roles.filter(({ statements }) => isAllowed(asLambda, statements)))).toEqual([
      expect.stringContaining('Deliver'),
      expect.stringContaining('Kafka'),
      expect.stringContaining('Runner'),
      expect.stringContaining('WebhookSync'),
    ]);
    expect(namesOf(roles.filter(({ statements }) => isAllowed(asCode, statements)))).toEqual([]);
  });

  test('needs subnets and security groups together', () => {
    expect(() => parseSettings({ subnetIds: 'subnet-0123456789abcdef0' })).toThrow(
      /securityGroupIds: goes together with subnetIds\./,
    );
  });

  test.each([
    ['subnetIds', 'vpc-1', /subnetIds\.0: expected ids of subnets\./],
    ['securityGroupIds', 'default', /securityGroupIds\.0: expected ids of security groups\./],
  ])('refuses %s that are none', (name, value, sentence) => {
    expect(() => parseSettings({ ...network, [name]: value })).toThrow(sentence);
  });
});
