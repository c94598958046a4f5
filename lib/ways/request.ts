import { Duration } from 'aws-cdk-lib';
import { type IResource, LambdaIntegration, ResponseTransferMode } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { limits } from '../limits.ts';

export interface RequestWayProps {
  /** Parent of the routes: the root of the API. */
  readonly root: IResource;
  readonly inbound: IFunction;
  readonly sync: IFunction;
}

/**
 * The routes that callers of connectors use. Inbound answers immediately and is buffered. Sync is streamed, because
 * only a streamed integration allows the minutes that an agent needs. Both accept any method, so that a wrong one gets
 * the product's own 405.
 */
export class RequestWay extends Construct {
  constructor(scope: Construct, id: string, { root, inbound, sync }: RequestWayProps) {
    super(scope, id);
    const connector = root.addResource('webhooks').addResource('{connector_id}');
    connector.addMethod(
      'ANY',
      new LambdaIntegration(inbound, {
        timeout: Duration.seconds(limits.bufferedIntegrationSeconds),
        allowTestInvoke: false,
      }),
    );
    connector.addResource('sync').addMethod(
      'ANY',
      new LambdaIntegration(sync, {
        timeout: Duration.seconds(limits.syncIntegrationSeconds),
        responseTransferMode: ResponseTransferMode.STREAM,
        allowTestInvoke: false,
      }),
    );
  }
}
