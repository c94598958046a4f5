import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/** The answer to a caller over the limit. */
const refusal = {
  detail: 'Too many requests from this address. Try again later.',
  code: 'rate-limited',
};

/** Window in which AWS WAF counts calls, in seconds. */
const windowSeconds = 300;

/**
 * Puts a web ACL in front of the API that limits how often one address calls webhooks. The management API is exempt:
 * behind the dashboard, all operators share the addresses of CloudFront.
 *
 * @param limit calls of one address in five minutes
 */
export function limitCallers(scope: Construct, api: RestApi, limit: number): void {
  const metrics = (metricName: string) => ({
    cloudWatchMetricsEnabled: true,
    sampledRequestsEnabled: false,
    metricName,
  });
  const acl = new CfnWebACL(scope, 'WebAcl', {
    description: 'Agent Connectors: limits how often one address calls webhooks.',
    scope: 'REGIONAL',
    defaultAction: { allow: {} },
    visibilityConfig: metrics('WebAcl'),
    customResponseBodies: {
      rateLimited: { contentType: 'APPLICATION_JSON', content: JSON.stringify(refusal) },
    },
    rules: [
      {
        name: 'CallsOfOneAddress',
        priority: 0,
        action: { block: { customResponse: refusalAnswer } },
        visibilityConfig: metrics('CallsOfOneAddress'),
        statement: {
          rateBasedStatement: {
            aggregateKeyType: 'IP',
            limit,
            evaluationWindowSec: windowSeconds,
            scopeDownStatement: {
              byteMatchStatement: {
                // The path starts with the stage, except at a custom domain.
                fieldToMatch: { uriPath: {} },
                positionalConstraint: 'CONTAINS',
                searchString: '/webhooks/',
                textTransformations: [{ priority: 0, type: 'NONE' }],
              },
            },
          },
        },
      },
    ],
  });
  new CfnWebACLAssociation(scope, 'WebAclAssociation', {
    resourceArn: api.deploymentStage.stageArn,
    webAclArn: acl.attrArn,
  });
}

const refusalAnswer = {
  responseCode: 429,
  customResponseBodyKey: 'rateLimited',
  responseHeaders: [{ name: 'Retry-After', value: '60' }],
};
