import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { builtFiles } from '../../lib/control-plane/dashboard/built-page.ts';
import { parseSettings } from '../../lib/settings/settings.ts';
import { dashboardHeaders } from '../../src/server/dashboard-headers.ts';
import { templateOf } from './synthesized.ts';

const template = templateOf();
const domain = {
  dashboardDomain: 'agents.example.com',
  dashboardCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/1234',
};

const edgeCode = z.object({ Properties: z.object({ FunctionCode: z.string() }) });

/** The path of the file that CloudFront looks for, as the function of the template says. */
function fileFor(uri: string): unknown {
  const [found] = Object.values(template.findResources('AWS::CloudFront::Function'));
  const { FunctionCode } = edgeCode.parse(found).Properties;
  return runInNewContext(`${FunctionCode}; handler(event).uri`, { event: { request: { uri } } });
}

describe('the dashboard on AWS', () => {
  test.each(['/', '/agents', '/agents/order-desk', '/connectors/new', '/runs/0b5e', '/nowhere'])(
    'answers %s with its document',
    (path) => expect(fileFor(path)).toBe('/index.html'),
  );

  test.each(['/index.html', '/favicon.svg', '/assets/index-1a2b.js', '/page-settings.json'])(
    'has a file at %s',
    (path) => expect(fileFor(path)).toBe(path),
  );

  test('has names of its region: CloudFront has one place for them for all regions of an account', () => {
    const name = { 'Fn::Join': ['', [Match.anyValue(), { Ref: 'AWS::Region' }]] };
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { Name: name },
    });
    template.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: { Name: name },
    });
  });

  test('signs in by passwords that it does not send, and by no redirect', () => {
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      AllowedOAuthFlowsUserPoolClient: false,
      // Minutes: time to get an authenticator app.
      AuthSessionValidity: 15,
      CallbackURLs: Match.absent(),
    });
  });

  test('sends the headers of the embedded server, and may sign in with Cognito', () => {
    const { 'content-security-policy': policy, ...others } = dashboardHeaders('SIGN-IN');
    const [before = '', after = ''] = policy.split('SIGN-IN');
    template.hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: {
            ContentSecurityPolicy: {
              'Fn::Join': [
                '',
                [
                  `${before}https://cognito-idp.`,
                  { Ref: 'AWS::Region' },
                  '.',
                  { Ref: 'AWS::URLSuffix' },
                  after,
                ],
              ],
            },
            Override: true,
          },
          ContentTypeOptions: { Override: true },
          ReferrerPolicy: { ReferrerPolicy: others['referrer-policy'], Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000 },
        },
        CustomHeadersConfig: {
          Items: ['cross-origin-opener-policy', 'permissions-policy'].map((Header) => ({
            Header,
            Override: true,
            Value: new Map(Object.entries(others)).get(Header),
          })),
        },
      },
    });
  });

  test('passes API and webhooks on as they come, with nothing kept, and takes both by HTTPS only', () => {
    const noCache = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
    const allButHost = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
    const passed = (PathPattern: string) =>
      Match.objectLike({
        PathPattern,
        CachePolicyId: noCache,
        OriginRequestPolicyId: allButHost,
        ViewerProtocolPolicy: 'https-only',
        AllowedMethods: Match.arrayWith(['PUT', 'PATCH', 'POST', 'DELETE']),
      });
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        CacheBehaviors: [passed('/api/*'), passed('/webhooks/*')],
        DefaultCacheBehavior: Match.objectLike({ ViewerProtocolPolicy: 'redirect-to-https', Compress: true }),
      },
    });
  });

  test('lets browsers keep files with a digest for good, and ask for all others', () => {
    template.hasResourceProperties('Custom::CDKBucketDeployment', {
      Include: ['assets/*'],
      SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
    });
    template.hasResourceProperties('Custom::CDKBucketDeployment', {
      Exclude: ['assets/*'],
      SystemMetadata: { 'cache-control': 'no-cache' },
    });
  });

  test('is read by CloudFront only', () => {
    template.hasResourceProperties('AWS::S3::Bucket', {
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 's3:GetObject',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Condition: { StringEquals: { 'AWS:SourceArn': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  test('has a name of its own with TLS 1.2, and says where that has to point to', () => {
    const named = templateOf(domain);
    named.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: [domain.dashboardDomain],
        ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021' },
      },
    });
    named.hasOutput('DashboardUrl', { Value: 'https://agents.example.com' });
    expect(Object.keys(named.findOutputs('*'))).toContainEqual(expect.stringContaining('DnsTarget'));
  });

  test('needs the certificate of its name, from the region that CloudFront looks in', () => {
    expect(() => parseSettings({ dashboardDomain: 'agents.example.com' })).toThrow(
      /dashboardCertificateArn: goes together with dashboardDomain\./,
    );
    const elsewhere = domain.dashboardCertificateArn.replace('us-east-1', 'eu-west-1');
    expect(() => parseSettings({ ...domain, dashboardCertificateArn: elsewhere })).toThrow(
      /dashboardCertificateArn: expected the ARN of a certificate in us-east-1\./,
    );
  });

  test('stops the synth where it was not built', () => {
    const empty = mkdtempSync(`${tmpdir()}/dashboard-`);
    expect(() => builtFiles(empty)).toThrow(
      /^The dashboard is not built: .* has no index\.html\. Run "npm run dashboard"\.$/,
    );
    rmSync(empty, { recursive: true });
  });
});
