import type { RemovalPolicy } from 'aws-cdk-lib';
import { Duration, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroupLogDestination, WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Permission } from '../functions/permissions.ts';
import { limits } from '../limits.ts';
import type { Wildcard } from '../nag-suppressions.ts';
import { deadLetterQueue, encryptionOf } from '../queues/work-queue.ts';
import type { Settings } from '../settings/settings.ts';
import { encryptedWith } from '../store/encryption-key.ts';

export interface SocketWayProps {
  readonly deploymentName: string;
  readonly settings: Settings;
  readonly removalPolicy: RemovalPolicy;
  readonly encryptionKey: IKey | undefined;
}

/** How often a message comes before it becomes a dead letter: its client waits, and so do the messages behind it. */
const maxReceives = 3;

/**
 * The API for connections of clients. One function answers API Gateway at once and puts messages into a queue with a
 * group for each connection; another executes the runs of one message of a connection at a time, and sends the answers.
 */
export class SocketWay extends Construct {
  readonly messages: Queue;
  readonly deadLetters: Queue;
  readonly #api: WebSocketApi;
  readonly #stage: WebSocketStage;

  constructor(scope: Construct, id: string, props: SocketWayProps) {
    super(scope, id);
    const { deploymentName, settings, removalPolicy, encryptionKey } = props;
    this.deadLetters = deadLetterQueue(this, 'DeadLetters', encryptionKey, { fifo: true });
    this.messages = new Queue(this, 'Queue', {
      ...encryptionOf(encryptionKey),
      fifo: true,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: maxReceives },
      // A message whose function ends without a word comes back after this time, and those behind it wait.
      visibilityTimeout: Duration.seconds(limits.functionSeconds),
      retentionPeriod: Duration.hours(limits.connectionHours),
    });
    this.#api = new WebSocketApi(this, 'Api', {
      apiName: `${deploymentName}-connections`,
      description: 'Agent Connectors: connections of clients.',
    });
    const accessLog = new LogGroup(this, 'AccessLog', {
      retention: settings.logRetentionDays,
      removalPolicy,
      ...encryptedWith(encryptionKey),
    });
    const { throttleRate: rateLimit, throttleBurst: burstLimit } = settings;
    this.#stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.#api,
      stageName: 'prod',
      autoDeploy: true,
      accessLogSettings: { destination: new LogGroupLogDestination(accessLog), format: accessLine },
      ...(rateLimit === undefined || burstLimit === undefined ? {} : { throttle: { rateLimit, burstLimit } }),
    });
  }

  /** Where clients connect. */
  get url(): string {
    return this.#stage.url;
  }

  /** Variables of the function that sends to clients. */
  get senderVariables() {
    return { SOCKET_QUEUE_URL: this.messages.queueUrl, SOCKET_CALLBACK_URL: this.#stage.callbackUrl };
  }

  /** Variables of the function that keeps dead letters. */
  get keeperVariables() {
    return {
      MESSAGE_DEAD_LETTERS_ARN: this.deadLetters.queueArn,
      SOCKET_CALLBACK_URL: this.#stage.callbackUrl,
    };
  }

  /** What a function needs that sends to clients and closes their connections. */
  get senderPermission(): Permission {
    return { actions: ['execute-api:ManageConnections'], resources: [this.#connectionsArn('*')] };
  }

  /** What a function needs that only closes connections. */
  get closerPermission(): Permission {
    return { actions: ['execute-api:ManageConnections'], resources: [this.#connectionsArn('DELETE')] };
  }

  get wildcards(): readonly Wildcard[] {
    return ['*', 'DELETE'].map((method) => ({
      arn: this.#connectionsArn(method),
      reason: 'The connections of this API.',
    }));
  }

  /** @param account the API whose role writes the access logs of the account */
  serveWith(answering: IFunction, executing: IFunction, concurrency: number, account: RestApi): void {
    for (const routeKey of ['$connect', '$disconnect', '$default']) {
      const integration = new WebSocketLambdaIntegration(`To${routeKey.slice(1)}`, answering, {
        timeout: Duration.seconds(limits.bufferedIntegrationSeconds),
      });
      this.#api.addRoute(routeKey, { integration });
    }
    this.#stage.node.addDependency(account);
    executing.addEventSource(
      new SqsEventSource(this.messages, {
        batchSize: 1,
        maxConcurrency: concurrency,
        reportBatchItemFailures: true,
      }),
    );
  }

  #connectionsArn(method: string): string {
    const path = `${this.#api.apiId}/${this.#stage.stageName}/${method}/@connections/*`;
    return Stack.of(this).formatArn({ service: 'execute-api', resource: path });
  }
}

/** One line per event, without the query and headers of handshakes, because they may contain secrets. */
const accessLine = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    at: '$context.requestTimeEpoch',
    event: '$context.eventType',
    connectionId: '$context.connectionId',
    status: '$context.status',
    sourceIp: '$context.identity.sourceIp',
  }),
);
