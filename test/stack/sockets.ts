import { describe, expect, test } from '@jest/globals';
import { Validations } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { makeStack, templateOf } from './synthesized.ts';

const template = templateOf({ websocket: true });

const variablesOf = (entry: string, variables: Record<string, unknown>) =>
  template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: { POWERTOOLS_SERVICE_NAME: entry, ...variables } },
  });

describe('connections of clients', () => {
  test('take nothing from a deployment without them: no API, no queue, no function, no permission', () => {
    const plain = JSON.stringify(templateOf().toJSON());
    expect(plain).not.toMatch(/ApiGatewayV2|SocketTrigger|SOCKET_URL|ManageConnections/);
  });

  test('have an API whose routes all lead to one function', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::Api', 1);
    for (const RouteKey of ['$connect', '$disconnect', '$default']) {
      template.hasResourceProperties('AWS::ApiGatewayV2::Route', { RouteKey, AuthorizationType: 'NONE' });
    }
    template.allResourcesProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'AWS_PROXY',
      TimeoutInMillis: 29_000,
    });
  });

  test('have an access log without queries and headers', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      AutoDeploy: true,
      AccessLogSettings: { Format: Match.not(Match.stringLikeRegexp('query|header|path')) },
    });
  });

  test('are limited as the other API is', () => {
    templateOf({ websocket: true, throttleRate: 50, throttleBurst: 20 }).hasResourceProperties(
      'AWS::ApiGatewayV2::Stage',
      { DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 20 } },
    );
  });

  test('have messages that are answered one at a time, in order', () => {
    template.hasResourceProperties('AWS::SQS::Queue', { FifoQueue: true, VisibilityTimeout: 900 });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      BatchSize: 1,
      FunctionName: { Ref: Match.stringLikeRegexp('SocketMessages') },
      ScalingConfig: { MaximumConcurrency: 50 },
    });
  });

  test('are known to the functions that need them', () => {
    const url = { 'Fn::Join': ['', Match.arrayWith(['wss://', '/prod'])] };
    variablesOf('api', { SOCKET_URL: url });
    variablesOf('sockets', { SOCKET_QUEUE_URL: Match.anyValue() });
    const callback = { 'Fn::Join': ['', Match.arrayWith(['https://', '/prod'])] };
    variablesOf('socket-messages', { SOCKET_CALLBACK_URL: callback });
  });

  test('have dead letters, as every queue has, kept by the function that keeps all of them', () => {
    template.hasResourceProperties('AWS::SQS::Queue', {
      FifoQueue: true,
      RedrivePolicy: {
        maxReceiveCount: 3,
        deadLetterTargetArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('SocketTriggerDeadLetters'), 'Arn'] },
      },
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      FifoQueue: true,
      MessageRetentionPeriod: 1_209_600,
      RedrivePolicy: Match.absent(),
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('SocketTriggerDeadLetters'), 'Arn'] },
      FunctionName: { Ref: Match.stringLikeRegexp('DeadLetters') },
    });
    variablesOf('dead-letters', {
      MESSAGE_DEAD_LETTERS_ARN: Match.anyValue(),
      SOCKET_CALLBACK_URL: Match.anyValue(),
    });
    variablesOf('api', { SOCKET_QUEUE_URL: Match.anyValue() });
  });

  test('are sent to by one function only, and closed by one more', () => {
    const sending = Object.values(template.findResources('AWS::IAM::Policy')).filter((policy) =>
      JSON.stringify(policy).includes('execute-api:ManageConnections'),
    );
    expect(sending).toHaveLength(2);
    const [all, closing] = ['SocketMessages', 'DeadLetters'].map((name) =>
      sending.find((policy) => JSON.stringify(policy).includes(name)),
    );
    expect(JSON.stringify(all)).toMatch(/\/\*\/@connections\/\*/);
    expect(JSON.stringify(closing)).toMatch(/\/DELETE\/@connections\/\*/);
  });

  test('have alarms for messages that get old, and for their functions', () => {
    for (const name of [
      'OldestSocketMessage',
      'UnkeptDeadLettersMessages',
      'ErrorsSockets',
      'ErrorsSocketMessages',
      'ThrottlesSockets',
    ]) {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmDescription: Match.stringLikeRegexp(`See "${name}" in docs/operating.md`),
      });
    }
  });

  test('are within the AwsSolutions pack of cdk-nag', () => {
    const { app } = makeStack({ websocket: true });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  });
});
