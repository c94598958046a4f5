import type { RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  EndpointType,
  type GatewayResponseOptions,
  LogGroupLogDestination,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface GatewayProps {
  /** Name of the API, and with it the dimension of its metrics. */
  readonly deploymentName: string;
  readonly logRetention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The public address of the system: a regional REST API whose own errors look like the product's. */
export class Gateway extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, props: GatewayProps) {
    super(scope, id);
    const { deploymentName, logRetention: retention, removalPolicy } = props;
    const accessLog = new LogGroup(this, 'AccessLog', { retention, removalPolicy });
    this.api = new RestApi(this, 'Api', {
      restApiName: deploymentName,
      description: 'Agent Connectors: webhooks and management API.',
      // Edge-optimized endpoints end a stream that is silent for 30 s.
      endpointTypes: [EndpointType.REGIONAL],
      // Bodies whose bytes must not pass through text; all else is UTF-8.
      binaryMediaTypes: ['multipart/form-data'],
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: removalPolicy,
      deployOptions: {
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: accessLine,
      },
    });
    for (const { id: name, ...error } of ownErrors) this.api.addGatewayResponse(name, answerTo(error));
  }
}

/** One line a request. Never the query nor a header: a secret may stand there. */
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

/** What the gateway refuses or fails by itself. */
interface OwnError {
  /** Construct id. */
  readonly id: string;
  readonly type: ResponseType;
  /** Absent: the gateway's own. */
  readonly statusCode?: string;
  readonly detail: string;
  readonly code: string;
}

const busy = {
  detail: 'The service is busy or away; please try again.',
  code: 'unavailable',
  statusCode: '503',
};

const ownErrors: readonly OwnError[] = [
  {
    id: 'UnknownPath',
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    statusCode: '404',
    detail: 'There is nothing at this path.',
    code: 'not-found',
  },
  {
    id: 'TooLarge',
    type: ResponseType.REQUEST_TOO_LARGE,
    detail: 'The body is larger than the 10 MB that API Gateway takes.',
    code: 'too-large',
  },
  {
    id: 'Throttled',
    type: ResponseType.THROTTLED,
    detail: 'There are more requests than this deployment takes; please try again.',
    code: 'rate-limited',
  },
  {
    id: 'OtherRefusal',
    type: ResponseType.DEFAULT_4XX,
    detail: 'The request cannot be taken as it is.',
    code: 'malformed',
  },
  { id: 'FunctionAway', type: ResponseType.INTEGRATION_FAILURE, ...busy },
  { id: 'FunctionLate', type: ResponseType.INTEGRATION_TIMEOUT, ...busy },
  { id: 'OtherFailure', type: ResponseType.DEFAULT_5XX, ...busy },
];

/** In the shape of connectors.md, "Errors"; who may try again is told when. */
function answerTo({ type, statusCode, detail, code }: Omit<OwnError, 'id'>): GatewayResponseOptions {
  const mayTryAgain = code === 'unavailable' || code === 'rate-limited';
  return {
    type,
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(mayTryAgain ? { responseHeaders: { 'Retry-After': "'1'" } } : {}),
    templates: { 'application/json': JSON.stringify({ detail, code }) },
  };
}
