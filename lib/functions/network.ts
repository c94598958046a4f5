import { CfnFunction, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { lambdaItselfMay } from './permissions.ts';

/** The part of a VPC from which functions reach systems inside it. */
export interface Network {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** Lets Lambda connect a function, as the managed policy AWSLambdaVPCAccessExecutionRole does. */
export const connectToNetwork = lambdaItselfMay(
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
);

/** Connects a function to the network by ids alone, so that a synth looks nothing up. */
export function connect({ node }: LambdaFunction, { subnetIds, securityGroupIds }: Network): void {
  const resource = node.defaultChild;
  if (!(resource instanceof CfnFunction)) throw new Error('The function has no resource of its own.');
  resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
}
