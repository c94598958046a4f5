import { Duration } from 'aws-cdk-lib';
import {
  ContentHandling,
  type IResource,
  LambdaIntegration,
  MockIntegration,
  PassthroughBehavior,
  ResponseTransferMode,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { limits } from '../limits.ts';

export interface ControlPlaneProps {
  readonly root: IResource;
  readonly api: IFunction;
  readonly events: IFunction;
}

/**
 * The management API below `/api/v1`, its events, and `/health`. The API is streamed because its answers can be large;
 * events are small and buffered.
 */
export class ControlPlane extends Construct {
  constructor(scope: Construct, id: string, { root, api, events }: ControlPlaneProps) {
    super(scope, id);
    const integration = new LambdaIntegration(api, {
      timeout: Duration.seconds(limits.streamedIntegrationSeconds),
      responseTransferMode: ResponseTransferMode.STREAM,
      allowTestInvoke: false,
    });
    const version = root.addResource('api').addResource('v1');
    version.addResource('{path+}').addMethod('ANY', integration);
    // The function answers methods other than GET with an error in the API's format.
    version.addResource('events').addMethod(
      'ANY',
      new LambdaIntegration(events, {
        timeout: Duration.seconds(limits.bufferedIntegrationSeconds),
        allowTestInvoke: false,
      }),
    );
    addHealth(root);
  }
}

/** The gateway itself answers this path, so an answer means that the system is reachable. */
function addHealth(root: IResource): void {
  const answer = { 'application/json': JSON.stringify({ status: 'ok' }) };
  root.addResource('health').addMethod(
    'GET',
    new MockIntegration({
      passthroughBehavior: PassthroughBehavior.NEVER,
      // With all media types binary, a mock integration answers 500 without this.
      contentHandling: ContentHandling.CONVERT_TO_TEXT,
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      integrationResponses: [{ statusCode: '200', responseTemplates: answer }],
    }),
    { methodResponses: [{ statusCode: '200' }] },
  );
}
