import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { parseSettings } from '../../lib/settings.ts';
import { templateOf } from './synthesized.ts';

const network = {
  subnetIds: 'subnet-0123456789abcdef0, subnet-0123456789abcdef1',
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

  test('lets Lambda connect these functions', () => {
    templateOf(network).resourcePropertiesCountIs(
      'AWS::IAM::Policy',
      {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({ Action: Match.arrayWith(['ec2:CreateNetworkInterface']) }),
          ]),
        },
      },
      3,
    );
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
