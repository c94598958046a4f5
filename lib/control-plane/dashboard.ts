import { CfnOutput, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Distribution, HttpVersion } from 'aws-cdk-lib/aws-cloudfront';
import { type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { type PageSettings, pageSettingsPath } from '../../src/api/contract/page-settings.ts';
import type { Settings } from '../settings/settings.ts';
import { accessLogs } from './dashboard/access-logs.ts';
import { builtFiles } from './dashboard/built-page.ts';
import { keepCleanerLog } from './dashboard/cleaner-log.ts';
import { pageAddress } from './dashboard/page-address.ts';
import { apiBehavior, pageBehavior } from './dashboard/page-behaviors.ts';
import { PageBucket } from './dashboard/page-bucket.ts';
import { uploadPage } from './dashboard/upload-page.ts';
import type { Operators } from './operators.ts';
import type { OwnDomain } from './own-domain.ts';

export interface DashboardProps {
  readonly api: RestApi;
  /** Base URL of connectors, without a trailing slash. */
  readonly baseUrl: string;
  readonly operators: Operators;
  readonly domain: OwnDomain | undefined;
  readonly settings: Settings;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The dashboard: its files in a bucket that only CloudFront reads. The same address serves the API and the webhooks, so
 * the page talks only to its own server, as on the embedded engine.
 */
export class Dashboard extends Construct {
  /** Address of the dashboard, without a trailing slash. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { api, baseUrl, operators, domain, settings, removalPolicy } = props;
    const { logRetentionDays: retention } = settings;
    const bucket = new PageBucket(this, 'Files');
    keepCleanerLog(bucket, retention);
    const toApi = apiBehavior(api);
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Agent Connectors: the dashboard.',
      defaultBehavior: pageBehavior(this, bucket),
      additionalBehaviors: { '/api/*': toApi, '/webhooks/*': toApi },
      httpVersion: HttpVersion.HTTP2_AND_3,
      ...pageAddress(this, domain),
      ...(settings.dashboardAccessLogs ? accessLogs(this, { removalPolicy, retention }) : {}),
    });
    uploadPage(this, bucket, {
      files: builtFiles(),
      settings: settingsFile(this, baseUrl, operators),
      logRetention: retention,
    });
    this.url = `https://${domain?.name ?? distribution.distributionDomainName}`;
    if (domain !== undefined) outputDnsTarget(this, domain, distribution);
  }
}

function settingsFile(scope: Construct, base_url: string, { userPool, client }: Operators): ISource {
  const settings: PageSettings = {
    sign_in: {
      way: 'cognito',
      region: Stack.of(scope).region,
      user_pool_id: userPool.userPoolId,
      client_id: client.userPoolClientId,
    },
    base_url,
  };
  return Source.jsonData(pageSettingsPath.slice(1), settings);
}

function outputDnsTarget(scope: Construct, { name }: OwnDomain, distribution: Distribution): void {
  new CfnOutput(scope, 'DnsTarget', {
    description: `The target of the name ${name}, for a CNAME or alias record.`,
    value: distribution.distributionDomainName,
  });
}
