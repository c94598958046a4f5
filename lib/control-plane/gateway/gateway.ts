import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  EndpointType,
  LogGroupLogDestination,
  RestApi,
  type StageOptions,
} from 'aws-cdk-lib/aws-apigateway';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings } from '../../settings/settings.ts';
import { encryptedWith } from '../../store/encryption-key.ts';
import type { OwnDomain } from '../own-domain.ts';
import { answerAtOwnDomain } from './api-domain.ts';
import { answerInOurShape } from './own-errors.ts';
import { limitCallers } from './web-acl.ts';

export interface GatewayProps {
  /** Name of the API, which is also the dimension of its metrics. */
  readonly deploymentName: string;
  readonly settings: Settings;
  readonly removalPolicy: RemovalPolicy;
  readonly domain: OwnDomain | undefined;
  readonly encryptionKey: IKey | undefined;
}

/** The public address of the system: a regional REST API whose own errors have the product's format. */
export class Gateway extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const { deploymentName, settings, removalPolicy, domain, encryptionKey } = props;
    const { logRetentionDays: retention, apiGatewayLogRole, wafRateLimit } = settings;
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention,
      removalPolicy,
      ...encryptedWith(encryptionKey),
    });
    this.api = new RestApi(this, 'Api', {
      restApiName: deploymentName,
      description: 'Agent Connectors: webhooks and management API.',
      // Edge-optimized endpoints close a stream that is silent for 30 s.
      endpointTypes: [EndpointType.REGIONAL],
      // Keep every body as raw bytes: signatures cover the bytes, and decoding them as text may change them.
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: apiGatewayLogRole,
      // One role serves all APIs of the account in the region, so it must survive this deployment, even a failed one.
      ...(apiGatewayLogRole ? { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN } : {}),
      deployOptions: {
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: accessLine,
        tracingEnabled: settings.xRay,
        ...throttle(settings),
      },
    });
    answerInOurShape(this.api);
    if (domain !== undefined) answerAtOwnDomain(this, this.api, domain);
    if (wafRateLimit !== undefined) limitCallers(this, this.api, wafRateLimit);
  }
}

/** Without these settings, the account's limit for all its APIs applies. */
function throttle({ throttleRate, throttleBurst }: Settings): StageOptions {
  if (throttleRate === undefined || throttleBurst === undefined) return {};
  return { throttlingRateLimit: throttleRate, throttlingBurstLimit: throttleBurst };
}

/** One line per request, without query and headers, because they may contain secrets. */
const accessLine = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    at: AccessLogField.contextRequestTimeEpoch(),
    method: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    status: AccessLogField.contextStatus(),
    durationMs: AccessLogField.contextResponseLatency(),
    bytes: AccessLogField.contextResponseLength(),
    sourceIp: AccessLogField.contextIdentitySourceIp(),
  }),
);
