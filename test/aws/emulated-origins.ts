import { Fn, type IAspect, Stack } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import * as z from 'zod';

const distribution = z.object({ origins: z.array(z.object({ originPath: z.unknown().optional() })) });

const policy = z.looseObject({ Statement: z.array(z.looseObject({ Effect: z.string() })) });

/** Template text of CloudFormation, not of ours. */
const apiPath = `/restapis/${'$'}{apiId}/prod/_user_request_`;

/** The exception `cloudfront-origins` (see `exceptions.ts`): the API where the emulator serves it, at `endpoint`. */
export class EmulatedOrigins implements IAspect {
  private readonly endpoint: URL;

  constructor(endpoint: string) {
    this.endpoint = new URL(endpoint);
  }

  visit(node: IConstruct): void {
    if (!(node instanceof CfnDistribution)) return;
    const stack = Stack.of(node);
    const { origins } = distribution.parse(stack.resolve(node.distributionConfig));
    const origin = `DistributionConfig.Origins.${origins.findIndex(({ originPath }) => originPath !== undefined)}`;
    const apiId = stack.node.findAll().find((child) => child instanceof CfnRestApi)?.ref ?? '';
    node.addPropertyOverride(`${origin}.DomainName`, this.endpoint.hostname);
    node.addPropertyOverride(`${origin}.OriginPath`, Fn.sub(apiPath, { apiId }));
    node.addPropertyOverride(`${origin}.CustomOriginConfig.OriginProtocolPolicy`, 'http-only');
    node.addPropertyOverride(`${origin}.CustomOriginConfig.HTTPPort`, Number(this.endpoint.port));
  }
}

/** Of the same exception: CloudFront asks the bucket over the emulator's own HTTP, which the bucket's policy denies. */
export class PlainTransport implements IAspect {
  visit(node: IConstruct): void {
    if (!(node instanceof CfnBucketPolicy)) return;
    const { Statement, ...rest } = policy.parse(Stack.of(node).resolve(node.policyDocument));
    node.policyDocument = { ...rest, Statement: Statement.filter(({ Effect }) => Effect !== 'Deny') };
  }
}
