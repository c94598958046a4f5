import { Duration, Names, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { RestApiOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { pageHeaders } from './page-headers.ts';
import { pagePaths } from './page-paths.ts';

/** CloudFront's longest wait between two packets of an answer. The event stream sends a comment every 15 s. */
const longestSilenceSeconds = 60;

/** The page's own files, from a bucket that only this distribution reads. */
export function pageBehavior(scope: Construct, bucket: IBucket): BehaviorOptions {
  const { region, urlSuffix } = Stack.of(scope);
  // These names are unique per account, not per region; the CDK would generate the same name in every region.
  const name = `${Names.uniqueResourceName(scope, { maxLength: 40 })}-${region}`;
  const paths = new EdgeFunction(scope, 'Paths', {
    comment: 'Agent Connectors: answers every address of the dashboard with its document.',
    code: FunctionCode.fromInline(pagePaths),
    runtime: FunctionRuntime.JS_2_0,
  });
  return {
    origin: S3BucketOrigin.withOriginAccessControl(bucket, {
      originAccessControl: new S3OriginAccessControl(scope, 'Access', { originAccessControlName: name }),
    }),
    viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
    cachePolicy: CachePolicy.CACHING_OPTIMIZED,
    compress: true,
    responseHeadersPolicy: new ResponseHeadersPolicy(scope, 'Headers', {
      responseHeadersPolicyName: name,
      ...pageHeaders(`https://cognito-idp.${region}.${urlSuffix}`),
    }),
    functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: paths }],
  };
}

/** Passes requests to the API unchanged: any method, no caching, all headers except the page's host name. */
export function apiBehavior(api: RestApi): BehaviorOptions {
  return {
    origin: new RestApiOrigin(api, { readTimeout: Duration.seconds(longestSilenceSeconds) }),
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    allowedMethods: AllowedMethods.ALLOW_ALL,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
    compress: false,
  };
}
