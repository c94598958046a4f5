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

/** The management API below `/api/v1`, streamed because of its large answers, its events, which are small, and `/health`. */
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
    // The function refuses what is no GET in the words of the API.
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

/** The gateway itself answers this path: if it responds, the system is reachable. */
function addHealth(root: IResource): void {
  const answer = { 'application/json': JSON.stringify({ status: 'ok' }) };
  root.addResource('health').addMethod(
    'GET',
    new MockIntegration({
      passthroughBehavior: PassthroughBehavior.NEVER,
      // Where every body is binary, a mock integration without this answers 500.
      contentHandling: ContentHandling.CONVERT_TO_TEXT,
      requestTemplates: { 'application/json': '{"statusCode": 200}' },
      integrationResponses: [{ statusCode: '200', responseTemplates: answer }],
    }),
    { methodResponses: [{ statusCode: '200' }] },
  );
}
